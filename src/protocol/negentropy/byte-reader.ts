/** Bytes from a stranger, read front to back. What is missing or malformed is remembered; everything read after it is empty. */

/** Seven digits of seven bits: more than any honest number, and exact in a double. */
const LONGEST_VARINT = 7;

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #flaw: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** What was wrong first, in words; undefined while all is well. */
  get flaw(): string | undefined {
    return this.#flaw;
  }

  /** Bytes not read yet; 0 after a flaw. */
  get left(): number {
    return this.#flaw === undefined ? this.#bytes.length - this.#at : 0;
  }

  /** Remembers a flaw that the caller saw. */
  spoil(words: string): void {
    this.#flaw ??= words;
  }

  /** The next bytes, without a copy. */
  take(count: number): Uint8Array {
    if (count > this.left) {
      this.spoil('the message ends too early');
      return new Uint8Array(0);
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** A number in base 128, most significant digit first, with as few digits as possible. */
  varint(): number {
    let value = 0;
    for (let digit = 0; digit < LONGEST_VARINT; digit++) {
      const byte = this.take(1)[0];
      if (byte === undefined) return 0;
      if (digit === 0 && byte === 0x80) break;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    this.spoil('a number has too many digits');
    return 0;
  }
}
