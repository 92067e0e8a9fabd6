/** Remembers signed requests while they could be sent again (NIP-98: each event counts once). */
import { HTTP_AUTH_AGE } from '#protocol/http-auth.ts';

const MOST = 100_000;

/** Ids with the second from which they are too old to be taken anyway. */
export class ReplayMemory {
  #ends = new Map<string, number>();

  get size(): number {
    return this.#ends.size;
  }

  /** True the first time; false when it was seen before, or when there is no room to remember it. */
  take(id: string, createdAt: number, now: number): boolean {
    if (this.#ends.has(id)) return false;
    if (this.#ends.size >= MOST) this.#forget(now);
    if (this.#ends.size >= MOST) return false;
    this.#ends.set(id, createdAt + HTTP_AUTH_AGE);
    return true;
  }

  #forget(now: number): void {
    for (const [id, end] of this.#ends) if (end < now) this.#ends.delete(id);
  }
}
