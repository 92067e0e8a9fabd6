/** Negentropy V1's message: a version byte, then ranges, each with its upper bound, a mode and what that mode carries. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { compareBounds, FINGERPRINT_BYTES, ID_BYTES } from './item-set.ts';
import type { Bound } from './item-set.ts';

/** Version 1. */
export const VERSION = 0x61;
const SKIP = 0;
const FINGERPRINT = 1;
const ID_LIST = 2;

export type Range = { readonly bound: Bound } & (
  | { readonly mode: 'skip' }
  | { readonly mode: 'fingerprint'; readonly fingerprint: Uint8Array }
  /** Ids one behind the other. */
  | { readonly mode: 'ids'; readonly ids: Uint8Array }
);

/** `version`: another version of the protocol, which may be talked down; `malformed`: nothing that can be read. */
export type RangesFailure = Failure<'version' | 'malformed'>;

const START: Bound = { at: 0, id: new Uint8Array(0) };
export const END: Bound = { at: Infinity, id: new Uint8Array(0) };

/** Times are written as the distance from the one before, plus one; 0 is the end of all. */
const readBound = (reader: ByteReader, before: Bound): Bound => {
  const distance = reader.varint();
  const length = reader.varint();
  if (length > ID_BYTES) reader.spoil('an id has at most 32 bytes');
  const id = reader.take(Math.min(length, ID_BYTES));
  return { at: distance === 0 ? Infinity : before.at + distance - 1, id };
};

const readRange = (reader: ByteReader, before: Bound): Range => {
  const bound = readBound(reader, before);
  if (compareBounds(bound, before) < 0) reader.spoil('ranges must follow each other');
  if (bound.at !== Infinity && !Number.isSafeInteger(bound.at)) reader.spoil('a time is too large');
  const mode = reader.varint();
  if (mode === SKIP) return { bound, mode: 'skip' };
  if (mode === FINGERPRINT)
    return { bound, mode: 'fingerprint', fingerprint: reader.take(FINGERPRINT_BYTES) };
  if (mode !== ID_LIST) reader.spoil('an unknown mode');
  // A count is only a claim: the bytes have to be there before anything is made of it.
  return { bound, mode: 'ids', ids: reader.take(reader.varint() * ID_BYTES) };
};

/** A message's ranges in ascending order; strict, never throws, and costs no more than the message is long. */
export const parseRanges = (message: Uint8Array): Result<readonly Range[], RangesFailure> => {
  const reader = new ByteReader(message);
  const version = reader.take(1)[0] ?? 0;
  if (version < 0x60 || version > 0x6f) return fail('malformed', 'this is no negentropy message');
  if (version !== VERSION) return fail('version', `only version 1 is spoken here, not ${version - 0x60}`);
  const ranges: Range[] = [];
  let before = START;
  while (reader.left > 0) {
    const range = readRange(reader, before);
    ranges.push(range);
    before = range.bound;
  }
  return reader.flaw === undefined ? ok(ranges) : fail('malformed', reader.flaw);
};

/** Writes a message range by range. Neighbouring skips become one; a last one is not written. */
export class RangeWriter {
  readonly #out = new ByteWriter();
  #lastTime = 0;
  #skipped: Bound | undefined;

  constructor() {
    this.#out.byte(VERSION);
  }

  get length(): number {
    return this.#out.length;
  }

  /** True while nothing but skips was written. */
  get isEmpty(): boolean {
    return this.#out.length === 1;
  }

  get message(): Uint8Array<ArrayBuffer> {
    return this.#out.bytes;
  }

  skip(bound: Bound): void {
    this.#skipped = bound;
  }

  fingerprint(bound: Bound, fingerprint: Uint8Array): void {
    this.#begin(bound, FINGERPRINT);
    this.#out.put(fingerprint);
  }

  ids(bound: Bound, ids: Uint8Array): void {
    this.#begin(bound, ID_LIST);
    this.#out.varint(ids.length / ID_BYTES);
    this.#out.put(ids);
  }

  #begin(bound: Bound, mode: number): void {
    const skipped = this.#skipped;
    this.#skipped = undefined;
    if (skipped) this.#begin(skipped, SKIP);
    this.#out.varint(bound.at === Infinity ? 0 : bound.at - this.#lastTime + 1);
    if (bound.at !== Infinity) this.#lastTime = bound.at;
    this.#out.varint(bound.id.length);
    this.#out.put(bound.id);
    this.#out.varint(mode);
  }
}
