/** A file that is written piece by piece into the browser's blobs, never as one array in memory. */

const PIECE = 8_000_000;

/** Takes writes at any place up to its end; those before the end replace what stands there. */
export class GrowingBlob {
  #whole = new Blob();
  #tail: Uint8Array<ArrayBuffer>[] = [];
  #tailSize = 0;

  get size(): number {
    return this.#whole.size + this.#tailSize;
  }

  write(position: number, data: Uint8Array<ArrayBuffer>): void {
    if (position > this.size) throw new RangeError('a hole in the file');
    if (position < this.size) return this.#replace(position, data);
    this.#tail.push(data.slice());
    this.#tailSize += data.length;
    if (this.#tailSize >= PIECE) this.#settle();
  }

  /** What was written so far. */
  finish(type: string): Blob {
    this.#settle();
    return this.#whole.slice(0, this.#whole.size, type);
  }

  #settle(): void {
    this.#whole = new Blob([this.#whole, ...this.#tail]);
    this.#tail = [];
    this.#tailSize = 0;
  }

  #replace(position: number, data: Uint8Array<ArrayBuffer>): void {
    this.#settle();
    const behind = this.#whole.slice(Math.min(position + data.length, this.#whole.size));
    this.#whole = new Blob([this.#whole.slice(0, position), data.slice(), behind]);
  }
}
