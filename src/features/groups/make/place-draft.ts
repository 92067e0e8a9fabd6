/** The words of a place that is still being written, kept on this device: a closed app loses none of them. */
import { isGroupId } from '#protocol/groups.ts';
import { parseGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import { isRecord } from '#shared/json.ts';
import { ACCESSES } from '../model/access.ts';
import type { Access } from '../model/access.ts';

export interface PlaceDraft {
  /** The id that the place will have. */
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly access: Access;
  readonly hidden: boolean;
  /** Its picture's address. */
  readonly picture?: string;
  readonly geohash?: Geohash;
}

/** Durable JSON of this profile. May throw: a full disk. */
export interface DraftMemory {
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

/** Calls `done` after `ms`; returns the way to stop it. */
export type After = (ms: number, done: () => void) => () => void;

const PAUSE_MS = 400;
/** More than any field takes: what is longer was not written here. */
const MOST = 20_000;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST;

/** Reads what was kept, as a stranger's data; undefined for anything that is no draft, or an empty one. */
export const parsePlaceDraft = (value: unknown): PlaceDraft | undefined => {
  if (!isRecord(value)) return undefined;
  const { id, name, about, hidden, geohash, picture } = value;
  const access = ACCESSES.find((known) => known === value['access']);
  if (typeof id !== 'string' || !isGroupId(id) || !isText(name) || !isText(about)) return undefined;
  if (!access || (name.trim() === '' && about.trim() === '')) return undefined;
  const cell = parseGeohash(geohash);
  return {
    id,
    name,
    about,
    access,
    hidden: hidden === true,
    ...(isText(picture) && URL.canParse(picture) ? { picture } : {}),
    ...(cell.ok ? { geohash: cell.value } : {}),
  };
};

const timeout: After = (ms, done) => {
  const timer = setTimeout(done, ms);
  return () => clearTimeout(timer);
};

/** Writes a draft down when the person rests, and at once where the page may end. */
export class PlaceDraftKeeper {
  readonly #memory: DraftMemory;
  readonly #after: After;
  #waiting: { readonly draft: PlaceDraft | undefined } | undefined;
  #kept = 'null';
  #stop: () => void = () => undefined;

  constructor(memory: DraftMemory, after: After = timeout) {
    this.#memory = memory;
    this.#after = after;
  }

  /** What was kept before; nothing where it cannot be read. */
  async restore(): Promise<PlaceDraft | undefined> {
    const draft = parsePlaceDraft(await this.#memory.read().catch(() => undefined));
    this.#kept = JSON.stringify(draft ?? null);
    return draft;
  }

  /** What is written now; undefined for nothing worth keeping. */
  keep(draft: PlaceDraft | undefined): void {
    this.#stop();
    this.#waiting = { draft };
    this.#stop = this.#after(PAUSE_MS, () => void this.flush());
  }

  /** Writes what waits, if it differs from what is kept. A disk that refuses leaves the words on the screen, and is asked again. */
  async flush(): Promise<void> {
    this.#stop();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const text = JSON.stringify(waiting?.draft ?? null);
    if (!waiting || text === this.#kept) return;
    const before = this.#kept;
    this.#kept = text;
    await this.#memory.write(waiting.draft ?? null).catch(() => (this.#kept = before));
  }
}
