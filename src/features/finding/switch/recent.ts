/** Where the person went last; in memory only. */
const MOST = 20;

export class RecentVisits {
  #keys: readonly string[] = [];

  /** Newest first. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  /** Somebody was here now. */
  visit(key: string): void {
    this.#keys = [key, ...this.#keys.filter((other) => other !== key)].slice(0, MOST);
  }

  forget(): void {
    this.#keys = [];
  }
}
