/** So many at a time, so many of one party at a time, and only so many waiting. */

interface Waiting {
  readonly parties: readonly string[];
  readonly start: () => void;
}

export interface LaneSizes {
  readonly total: number;
  /** Of one party (an asker, a server asked). */
  readonly perParty: number;
  readonly waiting: number;
}

export class Lanes {
  #sizes: LaneSizes;
  #running = 0;
  #byParty = new Map<string, number>();
  #waiting: Waiting[] = [];

  constructor(sizes: LaneSizes) {
    this.#sizes = sizes;
  }

  /** A place, given back by calling what comes; undefined when too many wait already. */
  async enter(parties: readonly string[] = []): Promise<(() => void) | undefined> {
    if (this.#hasRoom(parties)) this.#take(parties, 1);
    else {
      if (this.#waiting.length >= this.#sizes.waiting) return undefined;
      await new Promise<void>((start) => this.#waiting.push({ parties, start }));
    }
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      this.#take(parties, -1);
      this.#next();
    };
  }

  #hasRoom(parties: readonly string[]): boolean {
    const { total, perParty } = this.#sizes;
    return this.#running < total && parties.every((party) => (this.#byParty.get(party) ?? 0) < perParty);
  }

  #take(parties: readonly string[], amount: 1 | -1): void {
    this.#running += amount;
    for (const party of parties) {
      const count = (this.#byParty.get(party) ?? 0) + amount;
      if (count > 0) this.#byParty.set(party, count);
      else this.#byParty.delete(party);
    }
  }

  /** Whoever came first and has room goes; nobody waits behind somebody else's slow server. */
  #next(): void {
    for (let at = 0; at < this.#waiting.length && this.#running < this.#sizes.total;) {
      const one = this.#waiting[at];
      if (one && this.#hasRoom(one.parties)) {
        this.#waiting.splice(at, 1);
        this.#take(one.parties, 1);
        one.start();
      } else at += 1;
    }
  }
}
