/**
 * Two sets of events compared without sending them: stretches with equal fingerprints are left alone, others are cut in pieces
 * until ids can be named (NIP-77, Negentropy V1). Both sides; stateless between messages but for the set.
 */
import { fail, ok } from '#shared/result.ts';
import { bytesToHex } from '#shared/bytes.ts';
import type { Result } from '#shared/result.ts';
import { ID_BYTES } from './item-set.ts';
import type { Bound, ItemSet } from './item-set.ts';
import { END, parseRanges, RangeWriter, VERSION } from './ranges.ts';
import type { Range, RangesFailure } from './ranges.ts';

/** Pieces that a stretch is cut into. */
const PIECES = 16;
/** Kept free for the range that closes a message. */
const CLOSING = 100;

/** What one message told, and the next one. */
export interface Step {
  /** Absent once nothing is left to ask. */
  readonly next?: Uint8Array<ArrayBuffer>;
  /** Ids here that the other side lacks. */
  readonly have: readonly string[];
  /** Ids there that this side lacks. */
  readonly need: readonly string[];
}

/** The side that asks: its first message. */
export const openReconciliation = (items: ItemSet): Uint8Array<ArrayBuffer> => {
  const out = new RangeWriter();
  split(items, { lower: 0, upper: items.size, bound: END }, out);
  return out.message;
};

/** The side that asks: what an answer tells, and the next message of at most about `most` bytes (≥ 4096). */
export const continueReconciliation = (
  items: ItemSet,
  message: Uint8Array,
  most: number,
): Result<Step, RangesFailure> => {
  const ranges = parseRanges(message);
  if (!ranges.ok) return ranges;
  const told = { have: [] as string[], need: [] as string[] };
  const out = walk(items, ranges.value, most, (stretch, ids, writer) => {
    compare(items, stretch, ids, told);
    writer.skip(stretch.bound);
    return stretch.upper;
  });
  return ok(out.isEmpty ? told : { ...told, next: out.message });
};

/** The side that is asked: its answer of at most about `most` bytes (≥ 4096). Another version is answered with ours. */
export const answerReconciliation = (
  items: ItemSet,
  message: Uint8Array,
  most: number,
): Result<Uint8Array<ArrayBuffer>, RangesFailure> => {
  const ranges = parseRanges(message);
  if (!ranges.ok)
    return ranges.error.code === 'version'
      ? ok(new Uint8Array([VERSION]))
      : fail('malformed', ranges.error.message);
  return ok(
    walk(items, ranges.value, most, (stretch, _ids, writer) => list(items, stretch, writer, most)).message,
  );
};

/** Items `lower` to `upper` (excluded), which end at a bound. */
interface Stretch {
  readonly lower: number;
  readonly upper: number;
  readonly bound: Bound;
}

/** Deals with a list of ids; says up to which item its stretch was dealt with. */
type OnIds = (stretch: Stretch, ids: Uint8Array, out: RangeWriter) => number;

const walk = (items: ItemSet, ranges: readonly Range[], most: number, onIds: OnIds): RangeWriter => {
  const out = new RangeWriter();
  let done = 0;
  for (const range of ranges) {
    // Full: one fingerprint stands for all that is left, and the next message goes on from there.
    if (out.length > most - CLOSING - splitSize) {
      out.fingerprint(END, items.fingerprint(done, items.size));
      break;
    }
    const stretch = { lower: done, upper: items.lowerBound(done, range.bound), bound: range.bound };
    done = stretch.upper;
    if (range.mode === 'ids') done = onIds(stretch, range.ids, out);
    else if (
      range.mode === 'skip' ||
      areEqual(range.fingerprint, items.fingerprint(stretch.lower, stretch.upper))
    )
      out.skip(range.bound);
    else split(items, stretch, out);
    if (done < stretch.upper) {
      out.fingerprint(END, items.fingerprint(done, items.size));
      break;
    }
  }
  return out;
};

/** At most what `split` writes: ids of a short stretch, or fingerprints with full bounds. */
const splitSize = PIECES * 2 * (ID_BYTES + 1) + 64;

const split = (items: ItemSet, { lower, upper, bound }: Stretch, out: RangeWriter): void => {
  const count = upper - lower;
  if (count < PIECES * 2) return out.ids(bound, items.idsBetween(lower, upper));
  let from = lower;
  for (let piece = 0; piece < PIECES; piece++) {
    const to = from + Math.floor(count / PIECES) + (piece < count % PIECES ? 1 : 0);
    out.fingerprint(to === upper ? bound : items.boundBetween(to), items.fingerprint(from, to));
    from = to;
  }
};

/** All our ids of a stretch, as far as they fit. */
const list = (items: ItemSet, { lower, upper, bound }: Stretch, out: RangeWriter, most: number): number => {
  const room = Math.max(1, Math.floor((most - CLOSING - out.length) / ID_BYTES) - 3);
  const end = Math.min(upper, lower + room);
  out.ids(end === upper ? bound : items.boundAt(end), items.idsBetween(lower, end));
  return end;
};

const compare = (
  items: ItemSet,
  { lower, upper }: Stretch,
  ids: Uint8Array,
  told: { readonly have: string[]; readonly need: string[] },
): void => {
  const theirs = new Set<string>();
  for (let at = 0; at < ids.length; at += ID_BYTES) theirs.add(bytesToHex(ids.subarray(at, at + ID_BYTES)));
  for (let index = lower; index < upper; index++) {
    const id = items.idHex(index);
    if (!theirs.delete(id)) told.have.push(id);
  }
  told.need.push(...theirs);
};

const areEqual = (one: Uint8Array, other: Uint8Array): boolean => one.every((byte, at) => byte === other[at]);
