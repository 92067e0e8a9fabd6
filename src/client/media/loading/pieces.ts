/** Files that were sealed in chunks: from any of their places, onto a shelf or straight to who takes them. */
import { CHUNK_BYTES, chunkCount } from '#protocol/media/sealing.ts';
import { fail, ok } from '#shared/result.ts';
import type { BeginHash, Hashing } from '../sealing/hashing.ts';
import { addressOf } from './fetching.ts';
import type { FetchingPorts } from './fetching.ts';
import type { Take } from './hand-over.ts';
import type { Place } from './places.ts';
import { gravest } from './source.ts';
import type { Loaded, LoadFailure, MediaSource, OnProgress } from './source.ts';
import { fetchStream } from './stream.ts';
import type { ChunkShelf } from './stream.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** As much of what was seen as pieces need. */
interface Seen {
  has(key: string): boolean;
  get(key: string): Promise<Bytes | undefined>;
  put(key: string, bytes: Bytes): Promise<boolean>;
}

/** Chunks among what was seen: they outlive a reload, and go when room is needed. In memory where nothing is kept. */
export const pieceShelf = ({ hash = '' }: MediaSource, seen: Seen | undefined): ChunkShelf => {
  const memory = new Map<number, Bytes>();
  const keyOf = (number: number): string => `piece ${hash} ${number}`;
  return {
    has: (number) => memory.has(number) || (seen?.has(keyOf(number)) ?? false),
    get: async (number) => memory.get(number) ?? (await seen?.get(keyOf(number))),
    put: async (number, bytes) => {
      if (!(await seen?.put(keyOf(number), bytes))) memory.set(number, bytes);
      return true;
    },
  };
};

/** Chunks on their way to who takes them: the next is handed over while one is being taken. */
const ON_THEIR_WAY = 3;

/** Keeps nothing: each chunk goes on as it comes. */
export const pouringShelf = (take: Take): ChunkShelf => {
  const taking: Promise<boolean>[] = [];
  const free = (given: Hashing['free']) => (bytes: Bytes | undefined) => (bytes && given(bytes), true);
  return {
    has: () => false,
    get: () => Promise.resolve(undefined),
    put: async (_number, bytes, given) => {
      taking.push(take(bytes).then(free(given), () => false));
      return taking.length < ON_THEIR_WAY || (await taking.shift()) === true;
    },
    settled: async () => (await Promise.all(taking)).every(Boolean),
  };
};

interface PieceOptions {
  readonly source: MediaSource;
  readonly shelf: ChunkShelf;
  readonly signal: AbortSignal;
  readonly onprogress?: OnProgress | undefined;
}

/** Every chunk onto the shelf, and the whole held against its hash; place after place until one has it. */
export const fetchPieces = async (
  places: readonly Place[],
  { source, ...options }: PieceOptions,
  ports: FetchingPorts & { readonly beginHash: BeginHash },
): Promise<Loaded<undefined>> => {
  const { key, hash, size } = source;
  if (!key || hash === undefined || size === undefined)
    return fail('damaged', 'Its sender did not say what it is.');
  const { beginHash } = ports;
  const failures: LoadFailure[] = [];
  for (const place of places) {
    const url = await addressOf(place, ports);
    if (url === undefined) continue;
    const done = await fetchStream({ url, hash, key, size, beginHash, ...options }, ports);
    if (done.ok) return done;
    failures.push(done.error);
    if (done.error.code === 'stopped' || done.error.code === 'too-big') break;
  }
  return { ok: false, error: gravest(failures) };
};

/** The chunks of a shelf in one piece. */
export const wholeOf = async ({ size = 0 }: MediaSource, shelf: ChunkShelf): Promise<Loaded<Bytes>> => {
  const whole = new Uint8Array(size);
  for (let number = 0; number < chunkCount(size); number++) {
    const bytes = await shelf.get(number);
    if (!bytes) return fail('too-big', 'There is no room for it here.');
    whole.set(bytes, number * CHUNK_BYTES);
  }
  return ok(whole);
};
