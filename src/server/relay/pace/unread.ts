/** What was sent and nobody has read yet, of all connections together: bounded, at the cost of those who read the slowest. */
export interface Reader {
  /** Bytes sent and not yet taken. */
  unsent(): number;
  /** Lets the reader go, and with it what waits for it. */
  cut(): void;
}

export class Unread {
  readonly #most: number;
  readonly #readers = new Set<Reader>();
  /** Bytes sent since the last look at who has taken them. */
  #sent = 0;

  /** At most so many bytes, give or take an eighth: between two looks as much may be sent. */
  constructor(most: number) {
    this.#most = most;
  }

  join(reader: Reader): void {
    this.#readers.add(reader);
  }

  leave(reader: Reader): void {
    this.#readers.delete(reader);
  }

  /** Counts what is about to be sent; where too much waits, whoever has taken least is cut until half of it is gone. */
  add(bytes: number): void {
    this.#sent += bytes;
    if (this.#sent < this.#most / 8) return;
    this.#sent = 0;
    const waiting = [...this.#readers].map((reader) => ({ reader, bytes: reader.unsent() }));
    let all = waiting.reduce((sum, each) => sum + each.bytes, 0);
    if (all <= this.#most) return;
    for (const slow of waiting.sort((a, b) => b.bytes - a.bytes)) {
      if (all <= this.#most / 2) return;
      all -= slow.bytes;
      slow.reader.cut();
    }
  }
}
