/** Files that were sealed in chunks: from any of their places, onto a shelf or straight to who takes them. */
import { CHUNK_BYTES, chunkCount } from '#protocol/media/sealing.ts';
import { fail, ok } from '#shared/result.ts';
import { addressOf } from './fetching.ts';
import type { FetchingPorts } from './fetching.ts';
import type { Place } from './places.ts';
import { gravest } from './source.ts';
import type { Loaded, LoadFailure, MediaSource, OnProgress } from './source.ts';
import { fetchStream } from './stream.ts';
import type { ChunkShelf, RunningHash } from './stream.ts';

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

/** Keeps nothing: each chunk goes on as it comes. */
export const pouringShelf = (take: (bytes: Bytes) => Promise<void>): ChunkShelf => ({
  has: () => false,
  get: () => Promise.resolve(undefined),
  put: async (_number, bytes) => {
    await take(bytes);
    return true;
  },
});

/** SHA-256 over more than fits in memory; its library comes with the first such file. */
const startHash = async (): Promise<RunningHash> => {
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.digest('hex') };
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
  ports: FetchingPorts,
): Promise<Loaded<undefined>> => {
  const { key, hash, size } = source;
  if (!key || hash === undefined || size === undefined)
    return fail('damaged', 'Its sender did not say what it is.');
  const failures: LoadFailure[] = [];
  for (const place of places) {
    const url = await addressOf(place, ports);
    if (url === undefined) continue;
    const done = await fetchStream({ url, hash, key, size, startHash, ...options }, ports);
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
