/**
 * The little markup that lines may have: bold, italic, struck words; quotes, lists, code. Pure, linear in the text's length, never more
 * than a few levels deep, and never HTML: what has no partner is the text it is.
 */
import type { Token } from './tokens.ts';

/** Words, or words with a weight; one sort never lies within itself. */
export type Inline =
  Exclude<Token, { type: 'break' | 'block' }> | { readonly type: Mark; readonly children: readonly Inline[] };

type Mark = 'strong' | 'em' | 'strike';

/** What stands under each other. */
export type Block =
  | { readonly type: 'words'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly type: 'quote'; readonly lines: readonly (readonly Inline[])[] }
  /** `from`: the first number; absent where nothing is counted. */
  | { readonly type: 'list'; readonly from?: number; readonly lines: readonly (readonly Inline[])[] }
  | { readonly type: 'code'; readonly code: string };

type Piece = Exclude<Token, { type: 'break' | 'block' }>;
interface Row {
  readonly type: 'words' | 'quote' | 'list';
  readonly from?: number;
  readonly pieces: readonly Piece[];
}

/** Cuts off what a row begins with: `> `, `- `, `* `, `12. `. */
const rowOf = (pieces: readonly Piece[]): Row => {
  const [first] = pieces;
  const match = first?.type === 'text' ? /^(?:(>) ?|([-*]) +|(\d{1,3})[.)] +)/.exec(first.text) : null;
  if (!match || first === undefined) return { type: 'words', pieces };
  const text = first.text.slice(match[0].length);
  const rest = text === '' ? pieces.slice(1) : [{ type: 'text' as const, text }, ...pieces.slice(1)];
  if (match[1] !== undefined) return { type: 'quote', pieces: rest };
  if (rest.length === 0) return { type: 'words', pieces };
  return match[3] === undefined
    ? { type: 'list', pieces: rest }
    : { type: 'list', from: Number(match[3]), pieces: rest };
};

interface Opener {
  readonly mark: Mark;
  /** As it is written, for where it finds no partner. */
  readonly sign: string;
  readonly children: Inline[];
}

const RUN = /\*+|_+|~+/g;
const isWord = (sign: string): boolean => /[\p{L}\p{N}]/u.test(sign);
const isSpace = (sign: string): boolean => sign === '' || /\s/u.test(sign);

/** What a run of signs may mean, outermost first; nothing for any other run. */
const marksOf = (run: string): readonly Mark[] => {
  if (run.startsWith('~')) return run.length === 2 ? ['strike'] : [];
  return ([[], ['em'], ['strong'], ['strong', 'em']] as const)[run.length] ?? [];
};

/** Words of one row with their weights. */
class Weights {
  readonly #open: Opener[] = [];
  readonly #done: Inline[] = [];

  get #top(): Inline[] {
    return this.#open.at(-1)?.children ?? this.#done;
  }

  add(inline: Inline): void {
    const last = this.#top.at(-1);
    if (inline.type === 'text' && last?.type === 'text')
      this.#top[this.#top.length - 1] = { type: 'text', text: last.text + inline.text };
    else if (inline.type !== 'text' || inline.text !== '') this.#top.push(inline);
  }

  /** Closes the innermost ones that the run closes; false when it closes nothing. */
  close(marks: readonly Mark[], sign: string): boolean {
    const innermost = [...marks].reverse();
    const isAll = innermost.every((mark) =>
      this.#open.some((one) => one.mark === mark && one.sign === sign.charAt(0).repeat(sizeOf(mark))),
    );
    if (marks.length === 0 || !isAll) return false;
    for (const mark of this.#inOrder(innermost)) this.#closeOne(mark);
    return true;
  }

  open(marks: readonly Mark[], sign: string): boolean {
    if (marks.length === 0 || marks.some((mark) => this.#open.some((one) => one.mark === mark))) return false;
    for (const mark of marks)
      this.#open.push({ mark, sign: sign.charAt(0).repeat(sizeOf(mark)), children: [] });
    return true;
  }

  /** All of it; what is still open is text. */
  end(): readonly Inline[] {
    while (this.#open.length > 0) this.#spill();
    return this.#done;
  }

  /** As they lie in each other, the innermost first. */
  #inOrder(marks: readonly Mark[]): readonly Mark[] {
    return this.#open
      .map(({ mark }) => mark)
      .filter((mark) => marks.includes(mark))
      .reverse();
  }

  #closeOne(mark: Mark): void {
    while (this.#open.length > 0 && this.#open.at(-1)?.mark !== mark) this.#spill();
    const opener = this.#open.pop();
    if (opener) this.#top.push({ type: mark, children: opener.children });
  }

  /** The innermost one has no partner. */
  #spill(): void {
    const opener = this.#open.pop();
    if (!opener) return;
    this.add({ type: 'text', text: opener.sign });
    for (const child of opener.children) this.add(child);
  }
}

const sizeOf = (mark: Mark): number => (mark === 'em' ? 1 : 2);

/** `before` and `after`: the signs around this piece; empty at an end, a letter where another piece stands. */
const weigh = (weights: Weights, text: string, before: string, after: string): void => {
  let done = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    weights.add({ type: 'text', text: text.slice(done, index) });
    done = index + run.length;
    const previous = index === 0 ? before : text.charAt(index - 1);
    const next = done === text.length ? after : text.charAt(done);
    const marks = marksOf(run);
    const closes = !isSpace(previous) && !isWord(next) && weights.close(marks, run);
    const opens = !closes && !isSpace(next) && !isWord(previous) && previous !== '\\';
    if (!closes && !(opens && weights.open(marks, run))) weights.add({ type: 'text', text: run });
  }
  weights.add({ type: 'text', text: text.slice(done) });
};

/** The sign that a piece that is no text counts as: neither space nor letter. */
const SOLID = '.';

const inlinesOf = (pieces: readonly Piece[]): readonly Inline[] => {
  const weights = new Weights();
  pieces.forEach((piece, index) => {
    if (piece.type !== 'text') return weights.add(piece);
    const around = (at: number): string => (pieces[at] === undefined ? '' : SOLID);
    weigh(weights, piece.text, around(index - 1), around(index + 1));
  });
  return weights.end();
};

const isBlank = (row: Row): boolean => row.type === 'words' && row.pieces.length === 0;

/** Rows of one sort that follow each other, together. */
const gather = (rows: readonly Row[]): Block[] => {
  const blocks: { type: Row['type']; from?: number; lines: (readonly Inline[])[] }[] = [];
  for (const row of rows) {
    const last = blocks.at(-1);
    const isSame = last?.type === row.type && (last.from === undefined) === (row.from === undefined);
    if (last && isSame) last.lines.push(inlinesOf(row.pieces));
    else
      blocks.push({
        type: row.type,
        ...(row.from === undefined ? {} : { from: row.from }),
        lines: [inlinesOf(row.pieces)],
      });
  }
  return blocks;
};

/** Empty rows around what stands apart anyway are not shown. */
const trimmed = (rows: Row[]): Row[] => {
  const from = rows.findIndex((row) => !isBlank(row));
  return from === -1 ? [] : rows.slice(from, rows.findLastIndex((row) => !isBlank(row)) + 1);
};

/** A line's pieces as they are shown. */
export const markUp = (tokens: readonly Token[]): Block[] => {
  const blocks: Block[] = [];
  let rows: Row[] = [];
  let pieces: Piece[] = [];
  const endRow = (): void => {
    rows.push(rowOf(pieces));
    pieces = [];
  };
  const endRows = (): void => {
    endRow();
    blocks.push(...gather(trimmed(rows)));
    rows = [];
  };
  for (const token of tokens)
    if (token.type === 'break') endRow();
    else if (token.type === 'block') {
      endRows();
      blocks.push({ type: 'code', code: token.code });
    } else pieces.push(token);
  endRows();
  return blocks;
};
