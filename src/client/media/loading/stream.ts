/**
 * A file sealed in chunks, opened while it arrives: each chunk authenticates itself and is kept sealed on this device at once, so that a
 * film can begin before its end is here and a cut or a reload costs one chunk. The whole is held against its hash at the end.
 */
import { CHUNK_BYTES, chunkCount, FileSealer, sealedSize, TAG_BYTES } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { fail, ok } from '#shared/result.ts';
import type { BeginHash, Hashing } from '../sealing/hashing.ts';
import { download } from './download.ts';
import type { DownloadPorts } from './download.ts';
import type { Loaded, OnProgress } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;
/** Chunks that are opened while those before them are put where they belong. */
const AHEAD = 2;

/** Where chunks are kept, by their number; plain ones go in and come out. */
export interface ChunkShelf {
  has(number: number): boolean;
  /** `free`: gives back the memory of what is not needed any more. False: there is no room. */
  put(number: number, bytes: Bytes, free: Hashing['free']): Promise<boolean>;
  get(number: number): Promise<Bytes | undefined>;
  /** Whether all that was put is where it belongs. */
  settled?(): Promise<boolean>;
}

export interface StreamOptions {
  readonly url: string;
  /** Of the sealed bytes. */
  readonly hash: string;
  readonly key: FileKey;
  /** Plain bytes. */
  readonly size: number;
  readonly shelf: ChunkShelf;
  readonly beginHash: BeginHash;
  readonly signal?: AbortSignal | undefined;
  readonly onprogress?: OnProgress | undefined;
}

/** Cuts what arrives into chunks of the sealed size. */
class Cutter {
  #buffer = new Uint8Array(SEALED_CHUNK);
  #filled = 0;

  /** Chunks that are whole now; the rest waits. The last chunk may be shorter and comes from `rest`. */
  *cut(bytes: Bytes): Generator<Bytes> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + SEALED_CHUNK - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < SEALED_CHUNK) continue;
      const whole = this.#buffer;
      [this.#buffer, this.#filled] = [new Uint8Array(SEALED_CHUNK), 0];
      yield whole;
    }
  }

  rest(): Bytes | undefined {
    return this.#filled === 0 ? undefined : this.#buffer.slice(0, this.#filled);
  }
}

/** How many chunks from the beginning are here already. */
const kept = (shelf: ChunkShelf, count: number): number => {
  let number = 0;
  while (number < count && shelf.has(number)) number++;
  return number;
};

/** Chunks on their way from sealed to shelved: opened and hashed beside one another, shelved in order. */
class Passage {
  readonly #sealer: FileSealer;
  readonly #shelf: ChunkShelf;
  readonly #hash: Hashing;
  readonly #count: number;
  readonly #under: Promise<Loaded<undefined>>[] = [];
  #last: Promise<Loaded<undefined>> = Promise.resolve(ok(undefined));
  #next = 0;

  constructor(sealer: FileSealer, shelf: ChunkShelf, hash: Hashing, count: number) {
    this.#sealer = sealer;
    this.#shelf = shelf;
    this.#hash = hash;
    this.#count = count;
  }

  /** The chunk that comes next. */
  get next(): number {
    return this.#next;
  }

  /** A chunk sealed again gives the same bytes: so the hash can go on after a reload without asking for them. */
  async passKept(): Promise<void> {
    for (const until = kept(this.#shelf, this.#count); this.#next < until; this.#next++) {
      const bytes = await this.#shelf.get(this.#next);
      if (!bytes) return;
      await this.#hash.add(await this.#sealer.sealChunk(bytes, this.#next, this.#isLast(this.#next)));
    }
  }

  /** Resolves once there is room for the next one; where one before it was not right, so it says. */
  async pass(sealed: Bytes): Promise<Loaded<undefined>> {
    const number = this.#next++;
    const opening = this.#sealer.openChunk(sealed, number, this.#isLast(number));
    const hashed = this.#hash.add(sealed); // opening has its own copy
    const before = this.#last;
    this.#last = before.then((done) => (done.ok ? this.#keep(number, opening) : done));
    this.#last.catch(() => undefined);
    this.#under.push(this.#last);
    await hashed;
    return this.#under.length > AHEAD ? ((await this.#under.shift()) ?? ok(undefined)) : ok(undefined);
  }

  /** When every chunk is where it belongs. */
  async end(): Promise<Loaded<undefined>> {
    const last = await this.#last;
    if (!last.ok) return last;
    if (this.#next < this.#count) return fail('damaged', 'The file ends before its end.');
    return ((await this.#shelf.settled?.()) ?? true) ? last : noRoom();
  }

  async #keep(number: number, opening: ReturnType<FileSealer['openChunk']>): Promise<Loaded<undefined>> {
    const opened = await opening;
    if (!opened.ok) return opened;
    const isKept = await this.#shelf.put(number, opened.value, (bytes) => this.#hash.free(bytes));
    return isKept ? ok(undefined) : noRoom();
  }

  #isLast(number: number): boolean {
    return number === this.#count - 1;
  }
}

const noRoom = (): Loaded<undefined> => fail('too-big', 'There is no room for it here.');

const fetchRest = async (
  passage: Passage,
  { url, size, key, signal, onprogress }: StreamOptions,
  ports: DownloadPorts,
): Promise<Loaded<undefined>> => {
  const total = sealedSize(size, key.algorithm);
  await passage.passKept();
  const from = passage.next * SEALED_CHUNK;
  if (from >= total) return passage.end();
  const cutter = new Cutter();
  const take = async (bytes: Bytes): Promise<Loaded<undefined>> => {
    for (const chunk of cutter.cut(bytes)) {
      const passed = await passage.pass(chunk);
      if (!passed.ok) return passed;
    }
    return ok(undefined);
  };
  const done = await download(url, { max: total, from, signal, onprogress, take, isKept: false }, ports);
  if (!done.ok) return done;
  const rest = cutter.rest();
  if (rest) await passage.pass(rest);
  return passage.end();
};

/** Fetches what is not here yet. Resolves when every chunk is here and the whole was held against its hash. */
export const fetchStream = async (
  options: StreamOptions,
  ports: DownloadPorts,
): Promise<Loaded<undefined>> => {
  const { hash, key, size, shelf, beginHash } = options;
  const [sealer, running] = await Promise.all([FileSealer.open(key), beginHash(size)]);
  const passage = new Passage(sealer, shelf, running, chunkCount(size));
  const done = await fetchRest(passage, options, ports).catch(async (cause: unknown) => {
    await running.end();
    throw cause;
  });
  const found = await running.end();
  if (!done.ok) return done;
  return found === hash ? done : fail('damaged', 'What came is not what was sent.');
};
