/** Keeps values of one's own the same on all devices: sealed to oneself, merged key by key, written at rest (NIP-78). */
import { APP_DATA } from '#protocol/kinds.ts';
import { DEVICE_LIST, OWN_PREFIX } from '#protocol/lists/own-business.ts';
import { isLater, makeOwnValues, mergeOwnValues, parseOwnValues } from '#protocol/lists/values.ts';
import type { OwnValue } from '#protocol/lists/values.ts';
import type { Clock } from '#shared/time.ts';
import type { City } from '../city/city.ts';
import type { ListAddress } from '../city/lists-table.ts';
import type { OwnLists } from '../lists/own-lists.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { ownValueId, ownValues } from './tables.ts';
import type { OwnValueRow, Shelf } from './tables.ts';

interface OwnValuesPorts {
  readonly city: Pick<City, 'get' | 'part' | 'record' | 'watch'>;
  readonly lists: Pick<OwnLists, 'changeJson' | 'read' | 'readJson' | 'watch'>;
  readonly clock: Clock;
  /** What else is to be recorded, in the same breath, with values that other devices have set. */
  readonly also?: (shelf: Shelf, later: readonly OwnValue[]) => readonly LocalEvent[];
  /** Runs the work while no other tab does the like. */
  readonly alone: (name: string, work: () => Promise<void>) => Promise<void>;
  /** Milliseconds without a change until they are written, at most after so many; and until a silent city is asked again. */
  readonly rest?: { readonly write: number; readonly most: number; readonly again: number };
}

const REST = { write: 10_000, most: 60_000, again: 60_000 };
const SHELVES: readonly Shelf[] = ['people', 'marks', 'drafts', 'settings', 'devices'];

/** Where a shelf lies sealed. */
const addressOf = (shelf: Shelf): ListAddress => ({
  kind: APP_DATA,
  d: shelf === DEVICE_LIST ? shelf : OWN_PREFIX + shelf,
});

/** The documents behind the shelves, to be followed as one's lists are. */
export const OWN_DOCUMENTS: readonly ListAddress[] = SHELVES.map(addressOf);

export class OwnValues {
  readonly #ports: OwnValuesPorts;
  readonly #rest: typeof REST;
  readonly #timers = new Map<Shelf, ReturnType<typeof setTimeout>>();
  /** When a shelf began to wait for its writing, in milliseconds. */
  readonly #since = new Map<Shelf, number>();
  #stops: (() => void)[] = [];

  constructor(ports: OwnValuesPorts) {
    this.#ports = ports;
    this.#rest = ports.rest ?? REST;
  }

  /** Follows the documents of whoever is here now; to be called again when somebody comes, goes or unlocks. */
  follow(pubkey: string | undefined): void {
    this.stop();
    if (pubkey === undefined) return;
    const { city, lists } = this.#ports;
    for (const shelf of SHELVES) {
      this.#stops.push(
        // What another device wrote at the same moment may have taken the place of what was written here.
        lists.watch(addressOf(shelf), () => void this.#take(shelf).then(() => this.#note(shelf))),
        city.watch([{ table: ownValues.name, part: shelf }], () => void this.#note(shelf)),
      );
      void this.#take(shelf).then(() => this.#note(shelf));
    }
  }

  /** Stops following; what was not written yet is so with the next visit. */
  stop(): void {
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#timers.clear();
  }

  /** A value as it stands; undefined: none, or taken away. */
  async get(shelf: Shelf, key: string): Promise<string | undefined> {
    return (await this.#ports.city.get(ownValues, ownValueId(shelf, key)))?.value;
  }

  /** Sets a value (undefined: takes it away). Known here when it resolves; elsewhere after a rest. */
  async set(shelf: Shelf, key: string, value: string | undefined): Promise<void> {
    const before = await this.#ports.city.get(ownValues, ownValueId(shelf, key));
    if (before?.value === value) return;
    const at = Math.max(this.#ports.clock.now(), (before?.at ?? 0) + 1);
    await this.#record(shelf, [{ key, at, value }]);
  }

  /** True where a document stands that this key cannot open: nothing is written there, and what is set stays here. */
  async isUnreadable(shelf: Shelf): Promise<boolean> {
    return (await this.#ports.lists.read(addressOf(shelf))).standing === 'unreadable';
  }

  /** What other devices wrote. */
  async #take(shelf: Shelf): Promise<void> {
    const theirs = await this.#ports.lists.readJson(addressOf(shelf), parseOwnValues);
    if (!theirs) return;
    const ours = new Map((await this.#all(shelf)).map((row) => [row.key, row]));
    const later = theirs.filter((one) => isLater(one, ours.get(one.key)));
    if (later.length > 0) await this.#record(shelf, later, this.#ports.also?.(shelf, later));
  }

  /** Something changed: it is written after a rest, unless it stands there already. */
  async #note(shelf: Shelf): Promise<void> {
    if (await this.#isWritten(shelf)) return;
    const since = this.#since.get(shelf) ?? performance.now();
    this.#since.set(shelf, since);
    const left = Math.max(0, since + this.#rest.most - performance.now());
    this.#later(shelf, Math.min(this.#rest.write, left));
  }

  #later(shelf: Shelf, ms: number): void {
    clearTimeout(this.#timers.get(shelf));
    this.#timers.set(
      shelf,
      setTimeout(() => void this.#write(shelf), ms),
    );
  }

  async #write(shelf: Shelf): Promise<void> {
    const { alone, lists } = this.#ports;
    this.#since.delete(shelf);
    await alone(`own-values ${shelf}`, async () => {
      const ours = await this.#all(shelf);
      const done = await lists.changeJson(addressOf(shelf), (before) => {
        const theirs = parseOwnValues(before) ?? [];
        const known = mergeOwnValues(theirs, []);
        const isSame = ours.every((one) => !isLater(one, known.get(one.key)));
        return isSame ? undefined : makeOwnValues(mergeOwnValues(theirs, ours).values(), before);
      });
      if (!done.ok && done.error.code === 'unreachable') this.#later(shelf, this.#rest.again);
    });
  }

  async #isWritten(shelf: Shelf): Promise<boolean> {
    const theirs = (await this.#ports.lists.readJson(addressOf(shelf), parseOwnValues)) ?? [];
    const known = mergeOwnValues(theirs, []);
    return (await this.#all(shelf)).every((one) => !isLater(one, known.get(one.key)));
  }

  #all(shelf: Shelf): Promise<OwnValueRow[]> {
    return this.#ports.city.part(ownValues, { part: shelf });
  }

  #record(shelf: Shelf, values: readonly OwnValue[], also: readonly LocalEvent[] = []): Promise<void> {
    return this.#ports.city.record(
      ...values.map(({ key, at, value }) => ({
        ...({ type: 'OwnValueSet', v: 1, shelf, key, at } as const),
        ...(value === undefined ? {} : { value }),
      })),
      ...also,
    );
  }
}
