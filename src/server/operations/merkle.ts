/** One hash over a list of ids, in their order: a Merkle tree as RFC 6962 builds it, without keeping the list. */
import { createHash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const hashOf = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Takes ids one by one; keeps one hash for each power of two among them. */
export class MerkleRoot {
  #peaks: { readonly size: number; readonly hash: Buffer }[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds an id, in hex. */
  add(id: string): void {
    let peak = { size: 1, hash: hashOf(LEAF, Buffer.from(id, 'hex')) };
    for (let last = this.#peaks.at(-1); last?.size === peak.size; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { size: peak.size * 2, hash: hashOf(NODE, last.hash, peak.hash) };
    }
    this.#peaks.push(peak);
    this.#count += 1;
  }

  /** The root of what was added so far, in hex. */
  root(): string {
    const [last, ...others] = this.#peaks.toReversed();
    if (!last) return hashOf().toString('hex');
    return others.reduce((right, left) => hashOf(NODE, left.hash, right), last.hash).toString('hex');
  }
}
