/** Events as reconciliation knows them: by time and id, sorted, with the fingerprint of any stretch at hand (NIP-77, Negentropy V1). */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, isHex64 } from '#shared/bytes.ts';
import { ByteWriter } from './byte-writer.ts';

export interface Item {
  /** Unix seconds. */
  readonly at: number;
  /** Lower-case hex. */
  readonly id: string;
}

/** A place between items. Bytes that the id lacks are zeros; `Infinity` is the end of all. */
export interface Bound {
  readonly at: number;
  readonly id: Uint8Array;
}

export const ID_BYTES = 32;
export const FINGERPRINT_BYTES = 16;
const WORDS = ID_BYTES / 4;
/** A running sum is kept every so many items: a fingerprint then costs at most twice as many additions. */
const STEP = 64;

const byTimeThenId = (one: Item, other: Item): number =>
  one.at - other.at || (one.id < other.id ? -1 : Number(one.id > other.id));

const isFit = ({ at, id }: Item): boolean => Number.isSafeInteger(at) && at >= 0 && isHex64(id);

/** Items sorted, each once; those with a time or an id that cannot be written are left out. */
const inOrder = (items: Iterable<Item>): Item[] =>
  [...items]
    .filter(isFit)
    .sort(byTimeThenId)
    .filter((item, at, all) => at === 0 || byTimeThenId(all[at - 1] as Item, item) !== 0);

export class ItemSet {
  readonly size: number;
  readonly #times: Float64Array;
  readonly #ids: Uint8Array;
  /** The same ids as little-endian words: every machine that runs this is little-endian. */
  readonly #words: Uint32Array;
  readonly #sums: Uint32Array;

  /** About 41 bytes an item. */
  constructor(given: Iterable<Item>) {
    const items = inOrder(given);
    this.size = items.length;
    this.#times = Float64Array.from(items, ({ at }) => at);
    this.#ids = new Uint8Array(items.length * ID_BYTES);
    items.forEach(({ id }, index) => writeHex(id, this.#ids, index * ID_BYTES));
    this.#words = new Uint32Array(this.#ids.buffer);
    this.#sums = this.#runningSums();
  }

  /** The id of an item, 32 bytes, without a copy. */
  idBytes(index: number): Uint8Array {
    return this.#ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES);
  }

  /** The ids of a stretch, one behind the other, without a copy. */
  idsBetween(lower: number, upper: number): Uint8Array {
    return this.#ids.subarray(lower * ID_BYTES, upper * ID_BYTES);
  }

  idHex(index: number): string {
    return bytesToHex(this.idBytes(index));
  }

  /** The bound right before an item. */
  boundAt(index: number): Bound {
    return { at: this.#times[index] ?? Infinity, id: this.idBytes(index).slice() };
  }

  /** The shortest bound that has an item behind it and the one before that in front. */
  boundBetween(index: number): Bound {
    const at = this.#times[index] ?? Infinity;
    if (this.#times[index - 1] !== at) return { at, id: new Uint8Array(0) };
    const [before, id] = [this.idBytes(index - 1), this.idBytes(index)];
    const first = id.findIndex((byte, place) => byte !== before[place]);
    return { at, id: id.slice(0, first + 1) };
  }

  /** The first item from `lower` on that is not in front of the bound. */
  lowerBound(lower: number, bound: Bound): number {
    let [low, high] = [lower, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(middle, bound)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** SHA-256 of the sum of the ids mod 2^256 and their number, the first 16 bytes. */
  fingerprint(lower: number, upper: number): Uint8Array {
    const sum = this.#sumBefore(upper);
    subtract(sum, this.#sumBefore(lower));
    const out = new ByteWriter();
    out.put(new Uint8Array(sum.buffer, 0, ID_BYTES));
    out.varint(upper - lower);
    return sha256(out.bytes).subarray(0, FINGERPRINT_BYTES);
  }

  #isBefore(index: number, bound: Bound): boolean {
    const at = this.#times[index] ?? Infinity;
    if (at !== bound.at) return at < bound.at;
    return compareBytes(this.idBytes(index), bound.id) < 0;
  }

  #runningSums(): Uint32Array {
    const sums = new Uint32Array((Math.floor(this.size / STEP) + 1) * WORDS);
    const sum = new Uint32Array(WORDS);
    for (let index = 0; index < this.size; index++) {
      if (index % STEP === 0) sums.set(sum, (index / STEP) * WORDS);
      add(sum, this.#words, index * WORDS);
    }
    if (this.size % STEP === 0) sums.set(sum, (this.size / STEP) * WORDS);
    return sums;
  }

  #sumBefore(index: number): Uint32Array {
    const step = Math.floor(index / STEP);
    const sum = this.#sums.slice(step * WORDS, (step + 1) * WORDS);
    for (let one = step * STEP; one < index; one++) add(sum, this.#words, one * WORDS);
    return sum;
  }
}

const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

/** Hex that was checked before: half a million ids at a time pass here. */
const writeHex = (hex: string, into: Uint8Array, from: number): void => {
  for (let at = 0; at < ID_BYTES; at++)
    into[from + at] = digit(hex.charCodeAt(at * 2)) * 16 + digit(hex.charCodeAt(at * 2 + 1));
};

/** Compares as far as the bound's bytes go; what the id lacks of them counts as zeros. */
const compareBytes = (id: Uint8Array, bound: Uint8Array): number => {
  for (let at = 0; at < bound.length; at++) {
    const difference = (id[at] ?? 0) - (bound[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** Negative when `one` lies in front of `other`. */
export const compareBounds = (one: Bound, other: Bound): number => {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return compareBytes(one.id, other.id) || -compareBytes(other.id, one.id);
};

/** 256-bit addition of eight words, in place. */
const add = (sum: Uint32Array, words: Uint32Array, from: number): void => {
  let carry = 0;
  for (let word = 0; word < WORDS; word++) {
    const next = (sum[word] ?? 0) + (words[from + word] ?? 0) + carry;
    sum[word] = next;
    carry = next > 0xffffffff ? 1 : 0;
  }
};

const subtract = (sum: Uint32Array, less: Uint32Array): void => {
  let borrow = 0;
  for (let word = 0; word < WORDS; word++) {
    const next = (sum[word] ?? 0) - (less[word] ?? 0) - borrow;
    sum[word] = next;
    borrow = next < 0 ? 1 : 0;
  }
};
