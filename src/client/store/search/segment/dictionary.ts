import { ByteSink } from './byte-sink.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const surrogate = /[\ud800-\udfff]/;

/** Strings sorted by their UTF-8 bytes, in one blob: `offsets[i]` to `offsets[i + 1]` is string i. No objects a string. */
export class Dictionary {
  readonly offsets: Uint32Array;
  readonly blob: Uint8Array;
  readonly size: number;
  #shared: Uint8Array | undefined;

  constructor(offsets: Uint32Array, blob: Uint8Array) {
    this.offsets = offsets;
    this.blob = blob;
    this.size = Math.max(0, offsets.length - 1);
  }

  /** String number `index`. */
  text(index: number): string {
    return decoder.decode(this.blob.subarray(this.offsets[index], this.offsets[index + 1]));
  }

  /** The number of a string, -1 when it isn't here. */
  find(text: string): number {
    const key = encoder.encode(text);
    const index = this.#lowerBound(key);
    return index < this.size && this.#length(index) === key.length && this.#startsWith(index, key)
      ? index
      : -1;
  }

  /** First and last + 1 of the strings that begin with `prefix`. */
  prefixRange(prefix: string): readonly [from: number, to: number] {
    const key = encoder.encode(prefix);
    const from = this.#lowerBound(key);
    return [from, this.#partition(from, (index) => this.#startsWith(index, key))];
  }

  /** By string: how many bytes (at most 255) it shares with the one before. Computed at the first call. */
  get sharedBytes(): Uint8Array {
    return (this.#shared ??= this.#computeShared());
  }

  #computeShared(): Uint8Array {
    const { offsets, blob, size } = this;
    const shared = new Uint8Array(size);
    for (let i = 1; i < size; i++) {
      const before = offsets[i - 1]!;
      const start = offsets[i]!;
      const most = Math.min(start - before, offsets[i + 1]! - start, 255);
      let same = 0;
      while (same < most && blob[before + same] === blob[start + same]) same++;
      shared[i] = same;
    }
    return shared;
  }

  #length(index: number): number {
    return this.offsets[index + 1]! - this.offsets[index]!;
  }

  #lowerBound(key: Uint8Array): number {
    return this.#partition(0, (index) => {
      const start = this.offsets[index]!;
      return compareBytes(this.blob, start, this.offsets[index + 1]!, key, 0, key.length) < 0;
    });
  }

  #startsWith(index: number, key: Uint8Array): boolean {
    const start = this.offsets[index]!;
    if (this.#length(index) < key.length) return false;
    for (let i = 0; i < key.length; i++) if (this.blob[start + i] !== key[i]) return false;
    return true;
  }

  // The first index from `from` on for which `holds` is false; it is true for all before.
  #partition(from: number, holds: (index: number) => boolean, to = this.size): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Writes a dictionary; strings must come sorted. */
export class DictionaryWriter {
  readonly #blob = new ByteSink();
  readonly #offsets: number[] = [0];

  /** Appends `source[from, to)`, gives its number. */
  add(source: Uint8Array, from = 0, to = source.length): number {
    this.#blob.append(source, from, to);
    return this.#offsets.push(this.#blob.length) - 2;
  }

  finish(): Dictionary {
    return new Dictionary(Uint32Array.from(this.#offsets), this.#blob.take());
  }
}

/** A dictionary of well-formed strings in this order (see `sortByCodePoint`). */
export const dictionaryOf = (sorted: readonly string[]): Dictionary => {
  const writer = new DictionaryWriter();
  const scratch = new Uint8Array(1_024);
  for (const text of sorted) {
    if (text.length * 3 > scratch.length) writer.add(encoder.encode(text));
    else writer.add(scratch, 0, encoder.encodeInto(text, scratch).written);
  }
  return writer.finish();
};

/** Strings in the order of their UTF-8 bytes. */
export const sortByCodePoint = (texts: readonly string[]): string[] => {
  // The native order differs only where there are surrogates, which few words have.
  const plain = texts.filter((text) => !surrogate.test(text)).sort();
  if (plain.length === texts.length) return plain;
  const others = texts.filter((text) => surrogate.test(text)).sort(byCodePoint);
  const sorted: string[] = [];
  let at = 0;
  for (const text of plain) {
    while (at < others.length && byCodePoint(others[at]!, text) < 0) sorted.push(others[at++]!);
    sorted.push(text);
  }
  return [...sorted, ...others.slice(at)];
};

/**
 * Walks several dictionaries side by side in order: `visit` gets each string once, as the bytes of one source, with
 * its number in every source (-1 where it is absent).
 */
export const walkTogether = (
  sources: readonly Dictionary[],
  visit: (source: Dictionary, index: number, numbers: Int32Array) => void,
): void => {
  const heads = new Int32Array(sources.length);
  const numbers = new Int32Array(sources.length);
  for (;;) {
    let least = -1;
    for (let s = 0; s < sources.length; s++) {
      numbers[s] = -1;
      if (heads[s]! >= sources[s]!.size) continue;
      const order = least === -1 ? -1 : compareStrings(sources, heads, s, least);
      if (order < 0) {
        if (least !== -1) numbers.fill(-1, 0, s);
        least = s;
      }
      if (order <= 0) numbers[s] = heads[s]!;
    }
    if (least === -1) return;
    for (let s = 0; s < sources.length; s++) if (numbers[s] !== -1) heads[s] = heads[s]! + 1;
    visit(sources[least]!, numbers[least]!, numbers);
  }
};

const compareStrings = (sources: readonly Dictionary[], heads: Int32Array, a: number, b: number): number => {
  const left = sources[a]!;
  const right = sources[b]!;
  const i = heads[a]!;
  const j = heads[b]!;
  return compareBytes(
    left.blob,
    left.offsets[i]!,
    left.offsets[i + 1]!,
    right.blob,
    right.offsets[j]!,
    right.offsets[j + 1]!,
  );
};

const compareBytes = (
  a: Uint8Array,
  aFrom: number,
  aTo: number,
  b: Uint8Array,
  bFrom: number,
  bTo: number,
): number => {
  const shared = Math.min(aTo - aFrom, bTo - bFrom);
  for (let i = 0; i < shared; i++) {
    const difference = a[aFrom + i]! - b[bFrom + i]!;
    if (difference !== 0) return difference;
  }
  return aTo - aFrom - (bTo - bFrom);
};

// UTF-16 puts the characters above U+FFFF before U+E000; their bytes come after.
const byCodePoint = (a: string, b: string): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return lifted(x) - lifted(y);
  }
  return a.length - b.length;
};

const lifted = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x2800 : unit);
