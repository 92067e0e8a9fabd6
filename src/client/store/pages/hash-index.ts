/**
 * From a text to a small number, for hundreds of thousands of texts: which page holds a row, which events the log has.
 * Keeps 64 bits of a seeded hash instead of the text, so that it is small and is read from the disk as it lies in memory. Two
 * texts can meet in one hash: who asks has to look whether the row found is the row meant.
 */

/** Parts that are written to the disk one by one. */
export const BUCKETS = 64;
const ENTRY_WORDS = 3;
const LEAST_SLOTS = 16;
/** Slots stay at most this full. */
const FULL = 0.7;

/** Open addressing; an entry is two words of hash and a number + 1, 0 being empty. */
class Bucket {
  size = 0;
  #words = new Uint32Array(LEAST_SLOTS * ENTRY_WORDS);
  /** What was loaded and not yet asked for: opening a profile does not wait for it to find its places. */
  #dense: Uint32Array | undefined;

  get(high: number, low: number): number | undefined {
    const at = this.#find(high, low);
    const value = this.#words[at + 2] as number;
    return value === 0 ? undefined : value - 1;
  }

  set(high: number, low: number, value: number): void {
    const at = this.#find(high, low);
    if (this.#words[at + 2] === 0 && ++this.size > this.#slots * FULL) {
      this.#resize(this.#slots * 2);
      this.#write(this.#find(high, low), high, low, value);
    } else this.#write(at, high, low, value);
  }

  delete(high: number, low: number): boolean {
    let gap = this.#find(high, low);
    if (this.#words[gap + 2] === 0) return false;
    this.size -= 1;
    this.#words[gap + 2] = 0;
    // Entries behind the gap that would be found across it move into it.
    for (let at = this.#next(gap); this.#words[at + 2] !== 0; at = this.#next(at)) {
      const home = this.#home(this.#words[at + 1] as number);
      const isBetween = gap <= at ? gap < home && home <= at : gap < home || home <= at;
      if (isBetween) continue;
      this.#words.copyWithin(gap, at, at + ENTRY_WORDS);
      this.#words[at + 2] = 0;
      gap = at;
    }
    return true;
  }

  /** Drops entries by their numbers, both inclusive; true when there were any. */
  deleteBetween(from: number, to: number): boolean {
    const entries = this.dump();
    const kept: number[] = [];
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      const number = (entries[at + 2] as number) - 1;
      if (number < from || number > to) kept.push(...entries.subarray(at, at + ENTRY_WORDS));
    }
    if (kept.length === entries.length) return false;
    this.load(Uint32Array.from(kept));
    return true;
  }

  /** Its entries without the empty slots. */
  dump(): Uint32Array {
    if (this.#dense) return this.#dense;
    const dense = new Uint32Array(this.size * ENTRY_WORDS);
    let to = 0;
    for (let at = 0; at < this.#words.length; at += ENTRY_WORDS)
      if (this.#words[at + 2] !== 0) {
        dense.set(this.#words.subarray(at, at + ENTRY_WORDS), to);
        to += ENTRY_WORDS;
      }
    return dense;
  }

  load(dense: Uint32Array): void {
    this.size = dense.length / ENTRY_WORDS;
    this.#dense = dense;
  }

  #unfold(): void {
    const dense = this.#dense;
    if (!dense) return;
    this.#dense = undefined;
    this.#fill(dense, Math.max(LEAST_SLOTS, 2 ** Math.ceil(Math.log2(this.size / FULL + 1))));
  }

  get #slots(): number {
    return this.#words.length / ENTRY_WORDS;
  }

  #home(low: number): number {
    return (low & (this.#slots - 1)) * ENTRY_WORDS;
  }

  #next(at: number): number {
    return at + ENTRY_WORDS === this.#words.length ? 0 : at + ENTRY_WORDS;
  }

  /** Where the entry stands, or the empty slot where it would. */
  #find(high: number, low: number): number {
    this.#unfold();
    const words = this.#words;
    let at = this.#home(low);
    while (words[at + 2] !== 0 && (words[at] !== high || words[at + 1] !== low)) at = this.#next(at);
    return at;
  }

  #write(at: number, high: number, low: number, value: number): void {
    this.#words[at] = high;
    this.#words[at + 1] = low;
    this.#words[at + 2] = value + 1;
  }

  #resize(slots: number): void {
    this.#fill(this.dump(), slots);
  }

  #fill(entries: Uint32Array, slots: number): void {
    this.#words = new Uint32Array(slots * ENTRY_WORDS);
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      const high = entries[at] as number;
      const low = entries[at + 1] as number;
      const value = entries[at + 2] as number;
      this.#write(this.#find(high, low), high, low, value - 1);
    }
  }
}

export class HashIndex {
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Bucket());
  readonly #changed = new Set<number>();
  readonly #seed: Uint32Array;
  #high = 0;
  #low = 0;

  /** The seed is two words by chance, the profile's own: without it nobody can choose texts that meet. */
  constructor(seed: Uint32Array) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#buckets.reduce((sum, bucket) => sum + bucket.size, 0);
  }

  /** The number kept for the text. */
  get(text: string): number | undefined {
    return this.#bucketOf(text).get(this.#high, this.#low);
  }

  /** Numbers are whole, from 0 up to 2³² − 2. */
  set(text: string, value: number): void {
    this.#bucketOf(text).set(this.#high, this.#low, value);
    this.#changed.add(this.#high % BUCKETS);
  }

  delete(text: string): void {
    if (this.#bucketOf(text).delete(this.#high, this.#low)) this.#changed.add(this.#high % BUCKETS);
  }

  /** Takes away every text whose number lies from one to another. Goes through all of them. */
  deleteBetween(from: number, to: number): void {
    this.#buckets.forEach((bucket, at) => {
      if (bucket.deleteBetween(from, to)) this.#changed.add(at);
    });
  }

  /** The buckets that changed since they were last settled, as they are to be kept. */
  changes(): { readonly bucket: number; readonly entries: Uint32Array }[] {
    return [...this.#changed].map((bucket) => ({
      bucket,
      entries: (this.#buckets[bucket] as Bucket).dump(),
    }));
  }

  /** What lies on the disk is of no use: every bucket has to be kept anew. */
  disown(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#changed.add(bucket);
  }

  /** The changes are kept. */
  settle(): void {
    this.#changed.clear();
  }

  /** Puts back what `changes` once gave. */
  load(bucket: number, entries: Uint32Array): void {
    this.#buckets[bucket]?.load(entries);
  }

  #bucketOf(text: string): Bucket {
    this.#hash(text);
    return this.#buckets[this.#high % BUCKETS] as Bucket;
  }

  /** Two rounds of multiply and shift a letter, mixed at the end; not cryptographic, hence the seed. */
  #hash(text: string): void {
    let high = 0xdeadbeef ^ (this.#seed[0] as number);
    let low = 0x41c6ce57 ^ (this.#seed[1] as number);
    for (let at = 0; at < text.length; at++) {
      const letter = text.charCodeAt(at);
      high = Math.imul(high ^ letter, 2654435761);
      low = Math.imul(low ^ letter, 1597334677) ^ (high >>> 15);
    }
    high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    this.#high = high >>> 0;
    this.#low = low >>> 0;
  }
}
