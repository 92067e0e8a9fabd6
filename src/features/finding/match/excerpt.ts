/** The stretch of a long text that shows why it was found. */
import type { TextRange } from '#client/store/search/text/highlight.ts';

/** A cut of a text, with the ranges that lie in it. */
export interface Excerpt {
  readonly text: string;
  readonly ranges: readonly TextRange[];
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** UTF-16 units. */
const LENGTH = 180;
const LEAD = 48;
/** A cut moves this far to fall between two words. */
const SLACK = 24;
const DOTS = '…';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * At most `length` units (dots at cut ends aside) around the place with the most matches, `lead` units before the first
 * of them. Cut between words where one is near, never through a character.
 */
export const excerptOf = (
  text: string,
  ranges: readonly TextRange[],
  { length = LENGTH, lead = LEAD }: { readonly length?: number; readonly lead?: number } = {},
): Excerpt => {
  if (text.length <= length) return { text, ranges };
  const { from, to } = tidyWindow(
    text,
    windowAround(text.length, densest(ranges, length - lead), length, lead),
  );
  const before = from > 0 ? DOTS : '';
  const shift = before.length - from;
  const inside = ranges
    .map(({ start, end }) => ({ start: Math.max(start, from) + shift, end: Math.min(end, to) + shift }))
    .filter(({ start, end }) => end > start);
  return { text: before + text.slice(from, to) + (to < text.length ? DOTS : ''), ranges: inside };
};

/** The range from which the most others are within reach; the first of equals. */
const densest = (ranges: readonly TextRange[], reach: number): TextRange => {
  let best: TextRange = ranges[0] ?? { start: 0, end: 0 };
  let most = 0;
  let last = 0;
  for (const [first, range] of ranges.entries()) {
    last = Math.max(last, first);
    while ((ranges[last + 1]?.end ?? Infinity) <= range.start + reach) last++;
    if (last - first + 1 > most) [best, most] = [range, last - first + 1];
  }
  return best;
};

const windowAround = (size: number, match: TextRange, length: number, lead: number): Window => {
  const room = Math.max(0, Math.min(lead, length - (match.end - match.start)));
  const from = Math.max(0, Math.min(match.start - room, size - length));
  return { from, to: Math.min(size, from + length) };
};

/** A beginning that moved back to hold a whole character takes the end with it: the cut never grows. */
const tidyWindow = (text: string, { from, to }: Window): Window => {
  const start = from === 0 ? 0 : afterSpace(text, from);
  const last = Math.min(to, start + (to - from));
  const end = last === text.length ? last : beforeSpace(text, last);
  return { from: start, to: Math.max(start, end) };
};

const afterSpace = (text: string, at: number): number => {
  const space = text.slice(at - 1, at + SLACK).search(/\s/u);
  return space === -1 ? boundary(text, at) : at + space;
};

const beforeSpace = (text: string, at: number): number => {
  const tail = text.slice(at - SLACK, at + 1);
  const space = tail.search(/\s\S*$/u);
  return space === -1 ? boundary(text, at) : at - SLACK + space;
};

/** The beginning of the character at a place. Looks at its neighbourhood only. */
const boundary = (text: string, at: number): number => {
  const from = Math.max(0, at - 64);
  const found = graphemes.segment(text.slice(from, at + 64)).containing(at - from);
  return found ? from + found.index : at;
};
