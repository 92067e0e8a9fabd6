import { nearTerms } from './fuzzy.ts';
import type { Clause, Match } from '#shared/words/query.ts';
import type { Segment } from './segment/segment.ts';

/** A segment in use: its number in the store, which of its documents are dead (1), how many those are. */
export interface Layer {
  readonly number: number;
  readonly segment: Segment;
  readonly dead: Uint8Array;
  deadCount: number;
}

/** Terms `from` to `to` (excluded) of one layer and what a mention of them weighs. */
export interface TermRange {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** True when how often they stand in a text, and how long it is, shall not matter. */
  readonly flat: boolean;
}

/** A clause made ready: by layer the terms that satisfy it, over all layers how many postings they have. */
export interface Step {
  readonly required: boolean;
  readonly cost: number;
  readonly layers: readonly (readonly TermRange[])[];
  /** What to mark in a text found by it: its term and the near ones that stand in for it. */
  readonly matches: readonly Match[];
}

const rare = 2;
const prefixWeight = 0.7;
const editWeights = [1, 0.6, 0.35] as const;
const maxNear = 64;
// What begins with one or two letters says so little that only the newest matter: cheap, and half the documents have it.
const flatLetters = 2;

/** The inverse document frequency of BM25: what a word tells that `frequency` of `documents` have. */
const inverseFrequency = (documents: number, frequency: number): number => {
  const within = Math.min(frequency, documents);
  return Math.log(1 + (documents - within + 0.5) / (within + 0.5));
};

/** Finds each clause's terms in every layer; the required clauses with the fewest postings come first. */
export const resolveClauses = (clauses: readonly Clause[], layers: readonly Layer[]): Step[] => {
  const documents = layers.reduce((sum, layer) => sum + layer.segment.documents - layer.deadCount, 0);
  const steps = clauses.map((clause) => resolveClause(clause, layers, documents));
  return steps.sort((a, b) => Number(b.required) - Number(a.required) || a.cost - b.cost);
};

interface Exact {
  readonly exact: number;
  readonly from: number;
  readonly to: number;
  readonly exactCost: number;
  readonly cost: number;
}

const resolveClause = (clause: Clause, layers: readonly Layer[], documents: number): Step => {
  const finds = layers.map((layer) => exactRange(clause, layer.segment));
  const near = nearIn(clause, layers, finds);
  const exactCost = sum(finds.map((found) => found.exactCost));
  const prefixCost = sum(finds.map((found) => found.cost));
  const nearCost = sum(near.flatMap((terms, i) => terms.map((t) => layers[i]!.segment.frequency(t.term))));
  const exactWeight = inverseFrequency(documents, exactCost);
  const longerWeight = prefixWeight * inverseFrequency(documents, prefixCost);
  const nearWeight = inverseFrequency(documents, nearCost);
  const standIns = new Set(
    near.flatMap((terms, i) => terms.map((t) => layers[i]!.segment.terms.text(t.term))),
  );
  const flat = Array.from(clause.term).length <= flatLetters;
  return {
    required: clause.required,
    matches: [
      { term: clause.term, prefix: clause.prefix },
      ...Array.from(standIns, (term) => ({ term, prefix: false })),
    ],
    cost: prefixCost + nearCost,
    layers: finds.map(({ exact, from, to }, i) => [
      ...(exact === -1 ? [] : [{ from: exact, to: exact + 1, weight: exactWeight, flat: false }]),
      ...(from < to ? [{ from, to, weight: longerWeight, flat }] : []),
      ...near[i]!.map(({ term, edits }) => ({
        from: term,
        to: term + 1,
        weight: editWeights[edits as 1 | 2] * nearWeight,
        flat: false,
      })),
    ]),
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

// The term itself and, for a prefix, the range of the longer ones; how many postings they have.
const exactRange = (clause: Clause, segment: Segment): Exact => {
  const exact = segment.terms.find(clause.term);
  const exactCost = exact === -1 ? 0 : segment.frequency(exact);
  if (!clause.prefix) return { exact, from: 0, to: 0, exactCost, cost: exactCost };
  const [first, to] = segment.terms.prefixRange(clause.term);
  const from = exact === -1 ? first : exact + 1;
  let cost = exactCost;
  for (let term = from; term < to; term++) cost += segment.frequency(term);
  return { exact, from, to, exactCost, cost };
};

// By layer the terms a slip away, when the clause allows that and its own term is rare.
const nearIn = (clause: Clause, layers: readonly Layer[], finds: readonly Exact[]) => {
  const isRare = sum(finds.map((found) => found.cost)) <= rare;
  return layers.map(({ segment }) => {
    if (clause.edits === 0 || !isRare) return [];
    const found = nearTerms(segment.terms, clause.term, clause.edits).filter(({ edits }) => edits > 0);
    if (found.length <= maxNear) return found;
    const byWorth = found.map((near) => ({ ...near, frequency: segment.frequency(near.term) }));
    return byWorth.sort((a, b) => a.edits - b.edits || b.frequency - a.frequency).slice(0, maxNear);
  });
};
