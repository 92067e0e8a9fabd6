import { wellFormed } from '#shared/words/fold.ts';
import { readPostings, unitePostings } from './segment/postings.ts';
import type { Layer, Step, TermRange } from './resolve.ts';
import type { Segment } from './segment/segment.ts';

/** Which documents may be found; times in seconds, both included. */
export interface SearchFilter {
  readonly place?: string;
  readonly author?: string;
  readonly from?: number;
  readonly to?: number;
}

/** What is asked of every layer alike. */
export interface Scoring {
  readonly steps: readonly Step[];
  readonly filter: SearchFilter;
  /** True: documents with every required clause. False: with any, scored by the share of clauses they satisfy. */
  readonly all: boolean;
  /** Tokens of an average document. */
  readonly meanLength: number;
  /** The time (seconds) from which age counts. */
  readonly newest: number;
}

/** Takes documents whose score is at least `bar`, which may rise with each. */
export interface FoundSink {
  readonly bar: number;
  take(document: number, score: number): void;
}

const k1 = 1.2;
const b = 0.75;
const recencyLift = 0.1;
const recencyHalf = 90 * 86_400; // seconds after which half the lift is gone

// Documents `from` to `to` (excluded); a place or author of -1 stands for all.
interface Gate {
  readonly dead: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly place: number;
  readonly author: number;
}

// One value a document; reused from query to query, clean between runs.
interface Columns {
  readonly score: Float32Array;
  /** What the clause at hand gave a document so far: of several terms only the best counts. */
  readonly part: Float32Array;
  /** The number of the last step that found a document (0: none), plus 16 for every required clause it satisfies. */
  readonly mark: Uint8Array;
  /** The documents found, and one term's postings. */
  readonly found: Uint32Array;
  readonly list: Uint32Array;
  /** One bit a document. */
  readonly bits: Uint32Array;
}

const columnsFor = (documents: number): Columns => ({
  score: new Float32Array(documents),
  part: new Float32Array(documents),
  mark: new Uint8Array(documents),
  found: new Uint32Array(documents),
  list: new Uint32Array(documents),
  bits: new Uint32Array((documents >>> 5) + 1),
});

// One clause's turn in one layer: it takes documents whose last step is at least `floor`.
interface Stage {
  readonly segment: Segment;
  readonly gate: Gate;
  readonly number: number;
  readonly floor: number;
  /** What `mark` gains: 16 for a required clause. */
  readonly credit: 0 | 16;
}

/**
 * Scores the documents of one layer at a time, clause by clause, exactly: every posting of the query's terms is read
 * (100,000 documents have so few that reading beats skipping).
 */
export class Scorer {
  #columns = columnsFor(0);
  #found = 0;
  #slope = 0;

  /** Hands the found documents of `layer` (the steps' layer `index`) to `sink`; gives how many there are. */
  run(layer: Layer, index: number, scoring: Scoring, sink: FoundSink): number {
    const { steps, filter, all } = scoring;
    const gate = gateOf(layer, filter);
    if (gate === undefined) return 0;
    const { segment } = layer;
    if (segment.documents > this.#columns.score.length) this.#columns = columnsFor(segment.documents);
    this.#slope = (k1 * b) / Math.max(scoring.meanLength, 1);
    const required = steps.filter((step) => step.required).length;
    for (const [i, step] of steps.entries()) {
      const floor = all ? Math.min(i, required) : step.required ? 0 : 1;
      const stage: Stage = { segment, gate, number: i + 1, floor, credit: step.required ? 16 : 0 };
      const reached = this.#step(step.layers[index]!, stage);
      if (all && step.required && reached === 0) break;
    }
    return this.#report(segment.at, all ? required : 1, required, scoring.newest, sink);
  }

  #step(ranges: readonly TermRange[], stage: Stage): number {
    let reached = 0;
    for (const range of ranges)
      reached += range.flat ? this.#mention(range, stage) : this.#weigh(range, stage);
    return reached;
  }

  // Adds what the range's postings give to documents that got as far as the stage's floor; counts those it finds first.
  #weigh(range: TermRange, { segment, gate, number, floor, credit }: Stage): number {
    const { list, mark, part, score, found } = this.#columns;
    const { length, postings, postingOffsets } = segment;
    const weight = range.weight * (k1 + 1);
    const base = k1 * (1 - b);
    const slope = this.#slope;
    let foundCount = this.#found;
    let reached = 0;
    for (let term = range.from; term < range.to; term++) {
      const count = readPostings(postings, postingOffsets[term]!, postingOffsets[term + 1]!, list);
      for (let i = 0; i < count; i++) {
        const document = list[i]! >>> 8;
        const last = mark[document]! & 15;
        if (last < floor || (last === 0 && !isOpen(gate, segment, document))) continue;
        const frequency = list[i]! & 0xff;
        const gain = (weight * frequency) / (frequency + base + slope * length[document]!);
        if (last === number) {
          if (gain <= part[document]!) continue;
          score[document]! += gain - part[document]!;
        } else {
          if (last === 0) found[foundCount++] = document;
          mark[document] = (mark[document]! & 0xf0) + credit + number;
          score[document]! += gain;
          reached++;
        }
        part[document] = gain;
      }
    }
    this.#found = foundCount;
    return reached;
  }

  // The same for words whose number and length of text don't matter: each document gets the weight once. Thousands of
  // short lists are united in a bitmap first, so that documents come once and in order.
  #mention({ from, to, weight }: TermRange, { segment, gate, number, floor, credit }: Stage): number {
    const { bits, mark, score, found } = this.#columns;
    const { postings, postingOffsets, documents } = segment;
    unitePostings(postings, postingOffsets[from]!, postingOffsets[to]!, bits);
    let foundCount = this.#found;
    let reached = 0;
    for (let first = 0; first < documents; first += 32) {
      let word = bits[first >>> 5]!;
      bits[first >>> 5] = 0;
      for (; word !== 0; word &= word - 1) {
        const document = first + 31 - Math.clz32(word & -word);
        const last = mark[document]! & 15;
        if (last === number || last < floor || (last === 0 && !isOpen(gate, segment, document))) continue;
        if (last === 0) found[foundCount++] = document;
        mark[document] = (mark[document]! & 0xf0) + credit + number;
        score[document]! += weight;
        reached++;
      }
    }
    this.#found = foundCount;
    return reached;
  }

  // Hands out the documents that satisfy enough (of one term's the newest first) and cleans the columns. In the order
  // of finding: walking the columns from end to end mispredicts more than it spares the caches.
  #report(at: Uint32Array, least: number, required: number, newest: number, sink: FoundSink): number {
    const { found, score, mark } = this.#columns;
    const [perClause, highest] = [1 / required, 1 + recencyLift];
    const [lift, oldest] = [recencyLift * recencyHalf, recencyHalf + newest];
    let { bar } = sink;
    let total = 0;
    for (let i = this.#found - 1; i >= 0; i--) {
      const document = found[i]!;
      const satisfied = mark[document]! >> 4;
      const share = score[document]! * satisfied * perClause;
      mark[document] = 0;
      score[document] = 0;
      if (satisfied < least) continue;
      total++;
      if (share * highest < bar) continue;
      const final = share * (1 + lift / (oldest - at[document]!));
      if (final < bar) continue;
      sink.take(document, final);
      bar = sink.bar;
    }
    this.#found = 0;
    return total;
  }
}

const isOpen = (gate: Gate, segment: Segment, document: number): boolean =>
  document >= gate.from &&
  document < gate.to &&
  gate.dead[document] === 0 &&
  (gate.place === -1 || segment.place[document] === gate.place) &&
  (gate.author === -1 || segment.author[document] === gate.author);

// Nothing when no document of the layer can pass.
const gateOf = ({ segment, dead }: Layer, filter: SearchFilter): Gate | undefined => {
  const place = filter.place === undefined ? -1 : segment.places.find(wellFormed(filter.place));
  const author = filter.author === undefined ? -1 : segment.authors.find(wellFormed(filter.author));
  if ((filter.place !== undefined && place === -1) || (filter.author !== undefined && author === -1)) return;
  const from = filter.from === undefined ? 0 : firstSince(segment.at, filter.from);
  const to = filter.to === undefined ? segment.documents : firstSince(segment.at, Math.floor(filter.to) + 1);
  return from < to ? { dead, from, to, place, author } : undefined;
};

const firstSince = (at: Uint32Array, time: number): number => {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
};
