/** A text taken apart at what matched. */
import type { TextRange } from '#client/store/search/text/highlight.ts';

export interface Piece {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The text in pieces, in order; empty ones left out. `ranges` in order, not overlapping; what lies outside is ignored. */
export const piecesOf = (text: string, ranges: readonly TextRange[]): Piece[] => {
  const pieces: Piece[] = [];
  const add = (from: number, to: number, isMatch: boolean): void => {
    if (to > from) pieces.push({ text: text.slice(from, to), isMatch });
  };
  let at = 0;
  for (const range of ranges) {
    const start = Math.max(at, Math.min(range.start, text.length));
    const end = Math.max(start, Math.min(range.end, text.length));
    add(at, start, false);
    add(start, end, true);
    at = end;
  }
  add(at, text.length, false);
  return pieces;
};
