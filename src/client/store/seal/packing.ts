/**
 * Values as bytes: JSON, compressed from a kilobyte on. JSON keeps every string that a stranger's JSON can hold, lone surrogates
 * too; compressed it is as small as MessagePack with packed keys.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** zstd, from wherever it was loaded. */
export interface Compressor {
  compress(bytes: Uint8Array): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

const PLAIN = 0;
const COMPRESSED = 1;
const WORTH_IT = 1024;

/** UTF-8 has at most this many bytes for one of a string's units. */
const MOST_BYTES = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Packer {
  readonly #compressor: Compressor | undefined;
  readonly #worthIt: number;
  /** Where JSON becomes bytes on its way to the compressor. */
  #scratch = new Uint8Array(0);

  /** Compresses from so many bytes on; without a compressor never, and then what is compressed counts as damaged. */
  constructor(compressor: Compressor | undefined, worthIt = WORTH_IT) {
    this.#compressor = compressor;
    this.#worthIt = worthIt;
  }

  /** Any value that JSON knows; a field that is undefined is left out. */
  pack(value: unknown): Uint8Array<ArrayBuffer> {
    const json = JSON.stringify(value);
    if (this.#scratch.length < json.length * MOST_BYTES)
      this.#scratch = new Uint8Array(json.length * MOST_BYTES);
    const bytes = this.#scratch.subarray(0, encoder.encodeInto(json, this.#scratch).written);
    if (!this.#compressor || bytes.length < this.#worthIt) return marked(PLAIN, bytes);
    return marked(COMPRESSED, this.#compressor.compress(bytes));
  }

  /** `damaged` where the bytes are not what `pack` made. */
  unpack(bytes: Uint8Array): Result<unknown, Failure<'damaged'>> {
    const body = bytes.subarray(1);
    try {
      const json =
        bytes[0] === PLAIN ? body : bytes[0] === COMPRESSED ? this.#compressor?.decompress(body) : undefined;
      if (!json) return fail('damaged', `Bytes of an unknown sort (${bytes[0]}).`);
      return ok(JSON.parse(decoder.decode(json)) as unknown);
    } catch (cause) {
      return fail('damaged', 'Bytes that cannot be read.', cause);
    }
  }
}

const marked = (mark: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(bytes.length + 1);
  whole[0] = mark;
  whole.set(bytes, 1);
  return whole;
};
