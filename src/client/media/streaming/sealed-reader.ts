/**
 * Any part of a file that was sealed in chunks, in plain, while only the chunks it lies in are asked of the city. Each chunk proves by
 * itself that it is this chunk of this file (protocol/media/sealing.ts); who reads the whole has it held against its hash as well, before
 * the last of it is handed on.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { CHUNK_BYTES, chunkCount, FileSealer, sealedSize, TAG_BYTES } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import type { ByteRange } from '#shared/byte-range.ts';
import { bytesToHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import { download } from '../loading/download.ts';
import type { DownloadPorts } from '../loading/download.ts';
import type { Loaded } from '../loading/source.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type RunningHash = ReturnType<typeof sha256.create>;

/** What has to be known to read a sealed file. */
export interface SealedSource {
  readonly url: string;
  /** Of the sealed bytes. */
  readonly hash: string;
  readonly key: FileKey;
  /** Plain bytes. */
  readonly size: number;
}

const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;
/** So many chunks in one request at most: the first asks for one, so that something is there soon. */
const CHUNKS_AT_ONCE = 4;
/** Opened chunks that stay for the next question: players ask for the same beginning and end several times. */
const CHUNKS_KEPT = 4;

/** Neighbouring chunks that are asked for together. */
interface Run {
  readonly first: number;
  readonly count: number;
}

/** The chunks from one to another in requests that grow. */
function* runsOf(first: number, last: number): Generator<Run> {
  for (let at = first, most = 1; at <= last; at += most, most = Math.min(CHUNKS_AT_ONCE, most * 2))
    yield { first: at, count: Math.min(most, last - at + 1) };
}

export class SealedReader {
  readonly #source: SealedSource;
  readonly #ports: DownloadPorts;
  readonly #kept = new Map<number, Bytes>();
  readonly #sealer: Promise<FileSealer>;

  constructor(source: SealedSource, ports: DownloadPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#sealer = FileSealer.open(source.key);
  }

  /** Plain bytes of the range in order; after a failure nothing more comes. The next request is on its way while these are taken. */
  async *read({ start, end }: ByteRange, signal: AbortSignal): AsyncGenerator<Loaded<Bytes>, void> {
    const isWhole = start === 0 && end === this.#source.size - 1;
    const hash = isWhole ? sha256.create() : undefined;
    const runs = [...runsOf(Math.floor(start / CHUNK_BYTES), Math.floor(end / CHUNK_BYTES))];
    let coming = this.#run(runs[0], signal, hash);
    for (const [at, run] of runs.entries()) {
      const chunks = await coming;
      if (!chunks.ok) return yield chunks;
      if (at + 1 < runs.length) coming = this.#run(runs[at + 1], signal, hash);
      for (const [offset, chunk] of chunks.value.entries()) {
        const from = (run.first + offset) * CHUNK_BYTES;
        yield ok(chunk.subarray(Math.max(0, start - from), Math.min(chunk.length, end + 1 - from)));
      }
    }
  }

  async #run(
    run: Run | undefined,
    signal: AbortSignal,
    hash: RunningHash | undefined,
  ): Promise<Loaded<readonly Bytes[]>> {
    if (!run) return ok([]);
    const kept = hash ? undefined : this.#keptOf(run);
    if (kept) return ok(kept);
    const sealed = await this.#fetch(run, signal);
    return sealed.ok ? this.#open(run, sealed.value, hash) : sealed;
  }

  #keptOf({ first, count }: Run): Bytes[] | undefined {
    const kept = Array.from({ length: count }, (_, at) => this.#kept.get(first + at));
    return kept.every((chunk) => chunk !== undefined) ? kept : undefined;
  }

  async #fetch({ first, count }: Run, signal: AbortSignal): Promise<Loaded<Bytes>> {
    const { url, size, key } = this.#source;
    const whole = sealedSize(size, key.algorithm);
    const from = first * SEALED_CHUNK;
    const until = Math.min(whole, (first + count) * SEALED_CHUNK);
    const bytes = new Uint8Array(until - from);
    let filled = 0;
    const take = (piece: Bytes): Loaded<undefined> => {
      bytes.set(piece, filled);
      filled += piece.length;
      return ok(undefined);
    };
    const done = await download(url, { max: whole, whole, from, until, signal, take }, this.#ports);
    return done.ok ? ok(bytes) : done;
  }

  async #open(run: Run, sealed: Bytes, hash: RunningHash | undefined): Promise<Loaded<Bytes[]>> {
    const sealer = await this.#sealer;
    const last = chunkCount(this.#source.size) - 1;
    const opened: Bytes[] = [];
    for (let at = 0; at < run.count; at++) {
      const number = run.first + at;
      const piece = sealed.subarray(at * SEALED_CHUNK, (at + 1) * SEALED_CHUNK);
      const chunk = await sealer.openChunk(piece, number, number === last);
      if (!chunk.ok) return chunk;
      hash?.update(piece);
      if (number === last && hash && bytesToHex(hash.digest()) !== this.#source.hash)
        return fail('damaged', 'What came is not what was sent.');
      opened.push(chunk.value);
      this.#keep(number, chunk.value);
    }
    return ok(opened);
  }

  #keep(number: number, chunk: Bytes): void {
    this.#kept.delete(number);
    this.#kept.set(number, chunk);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= CHUNKS_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}
