/** So much at once by name: what is taken is given back. Without a pace, unlike rates. */
export class Quota {
  #most: number;
  #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes an amount; false (and nothing taken) when that would be too much. */
  take(name: string, amount = 1): boolean {
    const taken = (this.#taken.get(name) ?? 0) + amount;
    if (taken > this.#most) return false;
    this.#taken.set(name, taken);
    return true;
  }

  /** Gives back what was taken. */
  give(name: string, amount = 1): void {
    const left = (this.#taken.get(name) ?? 0) - amount;
    if (left > 0) this.#taken.set(name, left);
    else this.#taken.delete(name);
  }
}
