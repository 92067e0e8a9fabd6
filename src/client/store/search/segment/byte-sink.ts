/** Bytes that grow at their end. */
export class ByteSink {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 1_024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends a non-negative integer below 2³² in groups of seven bits, the lowest first. */
  varint(value: number): void {
    if (this.#length + 5 > this.#bytes.length) this.#grow(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Appends `source[from, to)`. */
  append(source: Uint8Array, from = 0, to = source.length): void {
    if (this.#length + to - from > this.#bytes.length) this.#grow(to - from);
    if (to - from > 24) {
      this.#bytes.set(source.subarray(from, to), this.#length);
      this.#length += to - from;
    } else for (let i = from; i < to; i++) this.#bytes[this.#length++] = source[i]!;
  }

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
