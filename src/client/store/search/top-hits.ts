/** A document found: which layer, which document of it. */
export interface Candidate {
  readonly layer: number;
  readonly document: number;
  readonly score: number;
  readonly at: number;
}

/** Keeps the best of many candidates: by score, of equal ones the newer, of those the one `tieBreak` puts first. */
export class TopHits {
  readonly #limit: number;
  readonly #tieBreak: (a: Candidate, b: Candidate) => number;
  // A heap with the worst kept candidate on top.
  readonly #heap: Candidate[] = [];

  constructor(limit: number, tieBreak: (a: Candidate, b: Candidate) => number) {
    this.#limit = limit;
    this.#tieBreak = tieBreak;
  }

  /** Below this score nothing is kept any more. */
  get bar(): number {
    return this.#heap.length < this.#limit ? -Infinity : this.#heap[0]!.score;
  }

  /** Offers a candidate. */
  offer(candidate: Candidate): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) this.#rise(heap.push(candidate) - 1);
    else if (this.#order(candidate, heap[0]!) < 0) {
      heap[0] = candidate;
      this.#sink();
    }
  }

  /** The best, best first. */
  sorted(): Candidate[] {
    return [...this.#heap].sort((a, b) => this.#order(a, b));
  }

  // Negative when a is the better one.
  #order(a: Candidate, b: Candidate): number {
    return b.score - a.score || b.at - a.at || this.#tieBreak(a, b);
  }

  #rise(from: number): void {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfWorse(child, parent)) return;
      child = parent;
    }
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      const left = parent * 2 + 1;
      if (left >= this.#heap.length) return;
      const right = left + 1;
      const worse = right < this.#heap.length && this.#order(this.#heap[right]!, this.#heap[left]!) > 0;
      const child = worse ? right : left;
      if (!this.#swapIfWorse(child, parent)) return;
      parent = child;
    }
  }

  #swapIfWorse(child: number, parent: number): boolean {
    const below = this.#heap[child]!;
    const above = this.#heap[parent]!;
    if (this.#order(below, above) <= 0) return false;
    this.#heap[child] = above;
    this.#heap[parent] = below;
    return true;
  }
}
