import { foldWord } from './fold.ts';
import { cjkUnits, eachRun, eachToken, isCjkUnit, segmentWords } from './tokens.ts';

/** One word of a query. */
export interface Clause {
  readonly term: string;
  /** Longer words that begin with it count too. */
  readonly prefix: boolean;
  /** Slips of the finger forgiven when hardly anything has the word itself. */
  readonly edits: 0 | 1 | 2;
  /** False: it only lifts documents found otherwise. */
  readonly required: boolean;
}

/** A term to look for in a text; with `prefix`, any token that begins with it. */
export interface Match {
  readonly term: string;
  readonly prefix: boolean;
}

/** A query taken apart. Phrases are in `clauses` word by word; whoever has the texts checks their order. */
export interface Query {
  readonly clauses: readonly Clause[];
  readonly phrases: readonly (readonly Match[])[];
}

const maxClauses = 12;
const maxLength = 500;
const quoted = /"([^"]*)"|[“„]([^“”„]*)[“”]|«([^«»]*)»|「([^「」]*)」/gu;

/** Reads what a person typed: words, "quoted phrases"; the last word may be half typed. Never fails. */
export const parseQuery = (text: string): Query => {
  const phrases: Match[][] = [];
  const found: Clause[] = [];
  const short = text.slice(0, maxLength);
  const loose = short.replace(quoted, (_, ...groups: (string | undefined)[]) => {
    const phrase = phraseOf(groups.slice(0, 4).find((group) => group !== undefined) ?? '');
    if (phrase.length > 1) phrases.push(phrase);
    found.push(...phrase.map((match) => ({ ...match, edits: 0 as const, required: true })));
    return ' ';
  });
  found.push(...clausesOf(loose, !/["“”„»」]\s*$/u.test(short)));
  return { clauses: tidied(found), phrases };
};

// Its tokens in order. The index holds a single character of a CJK run only as the beginning of a pair.
const phraseOf = (text: string): Match[] => {
  const matches: Match[] = [];
  eachToken(text, (term, _start, _end, tail) => {
    if (!tail) matches.push({ term, prefix: isCjkUnit(term) });
  });
  return matches;
};

const clausesOf = (text: string, openEnded: boolean): Clause[] => {
  const clauses: Clause[] = [];
  let lastWord = -1;
  eachRun(text, (run, _start, _end, isCjk) => {
    if (isCjk) clauses.push(...cjkClauses(run));
    else clauses.push(wordClause(run));
    lastWord = isCjk ? -1 : clauses.length - 1;
  });
  return clauses.map((clause, i) => (openEnded && i === lastWord ? { ...clause, prefix: true } : clause));
};

// Korean hangs its particles on the word's end: every Hangul word may go on.
const wordClause = (term: string): Clause => {
  const letters = Array.from(term).length;
  const isWord = /^[\p{L}\p{M}]+$/u.test(term);
  return {
    term,
    prefix: /\p{sc=Hangul}$/u.test(term),
    edits: !isWord || letters < 4 ? 0 : letters < 8 ? 1 : 2,
    required: true,
  };
};

// The index holds pairs of characters. Pairs inside a word must be found; those across words only lift a document,
// and so do single kana (particles) beside something weightier.
const cjkClauses = (run: string): Clause[] => {
  const units = cjkUnits(run);
  const inside = joinsInside(run, units);
  const clauses: Clause[] = [];
  for (const [i, unit] of units.entries()) {
    const next = units[i + 1];
    if (next !== undefined)
      clauses.push(cjkClause(foldWord(unit) + foldWord(next), false, inside[i] === true));
    if (inside[i] !== true && inside[i - 1] !== true && (units.length === 1 || !isKana(unit)))
      clauses.push(cjkClause(foldWord(unit), true, true));
  }
  return clauses.some((clause) => clause.required)
    ? clauses
    : clauses.map((clause) => ({ ...clause, required: true }));
};

const cjkClause = (term: string, prefix: boolean, required: boolean): Clause => ({
  term,
  prefix,
  edits: 0,
  required,
});

const isKana = (unit: string): boolean => /^[\p{sc=Hira}\p{sc=Kana}\u30fc]/u.test(unit);

// For every unit: whether it and the next belong to one word. Kana that the dictionary doesn't know stay together.
const joinsInside = (run: string, units: readonly string[]): boolean[] => {
  const wordAt = new Map<number, number>();
  for (const { text, index } of segmentWords(run)) {
    for (let i = 0; i < text.length; i++) wordAt.set(index + i, index);
  }
  let at = 0;
  const word = units.map((unit) => {
    const found = wordAt.get(at);
    at += unit.length;
    return found;
  });
  return units.map((unit, i) => {
    const next = units[i + 1];
    if (next === undefined) return false;
    const alone = word[i] !== word[i - 1] && word[i + 1] !== word[i + 2];
    return (word[i] !== undefined && word[i] === word[i + 1]) || (alone && isKana(unit) && isKana(next));
  });
};

// Each term once (the strictest demand wins), empty ones gone, the required ones first.
const tidied = (clauses: readonly Clause[]): Clause[] => {
  const byTerm = new Map<string, Clause>();
  for (const clause of clauses) {
    const known = byTerm.get(clause.term);
    if (clause.term === '') continue;
    byTerm.set(clause.term, {
      ...clause,
      prefix: clause.prefix && known?.prefix !== false,
      required: clause.required || known?.required === true,
    });
  }
  return [...byTerm.values()].sort((a, b) => Number(b.required) - Number(a.required)).slice(0, maxClauses);
};
