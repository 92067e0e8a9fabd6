/** Loading within its worker: what was seen before, else from its places; nothing unverified leaves. */
import { hashInUrl } from '#protocol/media/blossom.ts';
import { formOf, OPEN_MAX } from '#protocol/media/types.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import { fail, ok } from '#shared/result.ts';
import type { BeginHash } from '../sealing/hashing.ts';
import { fetchWhole, unseal } from './fetching.ts';
import type { FetchingPorts } from './fetching.ts';
import { handingOver } from './hand-over.ts';
import type { Take } from './hand-over.ts';
import { fetchPieces, pieceShelf, pouringShelf, wholeOf } from './pieces.ts';
import { placesOf, thumbPlaces } from './places.ts';
import type { Place } from './places.ts';
import type { LoadRemote, LoadRequest, Usage } from './remote.ts';
import type { Loaded, MediaSource, OnProgress } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What was seen before, and own files that wait to be sent. */
export interface Shelves {
  readonly seen: {
    has(key: string): boolean;
    get(key: string, range?: { readonly from: number; readonly to: number }): Promise<Bytes | undefined>;
    put(key: string, bytes: Bytes): Promise<boolean>;
    usage(): Promise<Usage>;
    shrink(to: number): Promise<void>;
    setBound(bytes: number): Promise<void>;
    save(): Promise<void>;
  };
  /** An own file that is not (wholly) sent yet. */
  own?(hash: string): Promise<Bytes | undefined>;
}

export interface HostPorts extends FetchingPorts {
  /** Its library comes with the first file that needs it. */
  readonly beginHash: BeginHash;
  /** Undefined where the browser keeps no files for us: everything is then fetched anew. */
  readonly shelves: (keys: ProfileKeys) => Promise<Shelves | undefined>;
}

/** Writing down what was used waits for so many milliseconds of rest. */
const REST = 2_000;
/** Sealed films and files up to so many bytes are put together for the page. */
const IN_MEMORY = 100_000_000;
/** A thumbnail is never larger than this. */
const THUMB_MAX = 4_000_000;

export class LoadingHost implements LoadRemote {
  readonly #ports: HostPorts;
  readonly #running = new Map<number, AbortController>();
  #shelves: Promise<Shelves | undefined> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: HostPorts) {
    this.#ports = ports;
  }

  async open(keys: ProfileKeys, bound?: number): Promise<void> {
    this.#shelves = this.#ports.shelves(keys);
    if (bound !== undefined) await (await this.#shelves)?.seen.setBound(bound);
  }

  async load(request: LoadRequest, onprogress?: OnProgress): Promise<Loaded<Blob>> {
    const stop = new AbortController();
    this.#running.set(request.id, stop);
    try {
      const bytes = await this.#bytes(request, { signal: stop.signal, onprogress });
      return bytes.ok ? ok(new Blob([bytes.value], { type: request.source.type })) : bytes;
    } finally {
      this.#running.delete(request.id);
    }
  }

  async pour(request: LoadRequest, take: Take, onprogress?: OnProgress): Promise<Loaded<undefined>> {
    const { source, servers, id } = request;
    const stop = new AbortController();
    this.#running.set(id, stop);
    try {
      const how = { signal: stop.signal, onprogress };
      if (source.key?.algorithm === 'aes-gcm-stream') {
        const shelf = pouringShelf(handingOver(take));
        return await fetchPieces(placesOf(source, servers), { ...how, source, shelf }, this.#ports);
      }
      const whole = await this.#bytes(request, how);
      if (whole.ok) await handingOver(take)(whole.value);
      return whole.ok ? ok(undefined) : whole;
    } finally {
      this.#running.delete(id);
    }
  }

  stop(id: number): void {
    this.#running.get(id)?.abort();
  }

  async usage(): Promise<Usage> {
    return (await (await this.#shelves)?.seen.usage()) ?? { files: 0, bytes: 0 };
  }
  async shrink(to: number): Promise<void> {
    await (await this.#shelves)?.seen.shrink(to);
  }
  async setBound(bytes: number): Promise<void> {
    await (await this.#shelves)?.seen.setBound(bytes);
  }

  async #bytes(request: LoadRequest, how: Pick<HowTo, 'signal' | 'onprogress'>): Promise<Loaded<Bytes>> {
    const { source, thumb, servers } = request;
    const key = keyOf(source, thumb?.width);
    const shelves = await this.#shelves;
    const seen = await shelves?.seen.get(key);
    if (seen) return this.#noted(ok(seen));
    const own = await this.#own(request, shelves);
    if (own) return ok(own);
    if (thumb)
      return this.#fetch(key, thumbPlaces(source, { ...thumb, origin: this.#ports.origin }), {
        ...how,
        max: THUMB_MAX,
      });
    if (source.key?.algorithm === 'aes-gcm-stream') return this.#stream(request, shelves, how);
    return this.#fetch(key, placesOf(source, servers), { ...how, max: OPEN_MAX * 2, source });
  }

  /** A file in chunks, put together again: only as much as a page can hold. */
  async #stream(
    { source, servers }: LoadRequest,
    shelves: Shelves | undefined,
    how: Pick<HowTo, 'signal' | 'onprogress'>,
  ): Promise<Loaded<Bytes>> {
    if ((source.size ?? Infinity) > IN_MEMORY) return fail('too-big', 'It is too large to be shown here.');
    const shelf = pieceShelf(source, shelves?.seen);
    const done = await fetchPieces(placesOf(source, servers), { ...how, source, shelf }, this.#ports);
    return done.ok ? this.#noted(await wholeOf(source, shelf)) : done;
  }

  /** What lies here to be sent, and may not be there yet. */
  async #own({ source, thumb }: LoadRequest, shelves: Shelves | undefined): Promise<Bytes | undefined> {
    if (source.key) return undefined;
    const small = thumb?.thumb === undefined ? undefined : hashInUrl(thumb.thumb);
    const hash = thumb
      ? (small ?? (formOf(source.type) === 'picture' ? source.hash : undefined))
      : source.hash;
    return hash === undefined ? undefined : shelves?.own?.(hash);
  }

  async #fetch(key: string, places: readonly Place[], how: HowTo): Promise<Loaded<Bytes>> {
    const found = await fetchWhole(places, how, this.#ports);
    if (!found.ok) return found;
    const { key: fileKey } = how.source ?? {};
    const bytes = fileKey ? await unseal(found.value, fileKey) : found;
    if (bytes.ok) await (await this.#shelves)?.seen.put(key, bytes.value);
    return this.#noted(bytes);
  }

  #noted<T>(found: Loaded<T>): Loaded<T> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#shelves?.then((shelves) => shelves?.seen.save()), REST);
    return found;
  }
}

interface HowTo {
  readonly max: number;
  readonly signal: AbortSignal;
  readonly onprogress?: OnProgress | undefined;
  readonly source?: MediaSource;
}

/** What a thing is kept under: never seen outside what is sealed. */
const keyOf = ({ url, hash, key }: MediaSource, width: number | undefined): string => {
  const name = hash ?? url;
  if (width !== undefined) return `small ${width} ${name}`;
  return `${key ? 'opened' : 'whole'} ${name}`;
};
