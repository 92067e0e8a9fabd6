/** Full text as features and pages see it: which rows have words, and what a search answers. */
import type { Match } from '#shared/words/query.ts';

/** The words of one row, and what a search can be narrowed by. */
export interface SearchWords {
  readonly text: string;
  /** The place it belongs to; absent where it has none. */
  readonly group?: string;
  /** The public key of whoever wrote it. */
  readonly author?: string;
  /** Unix seconds. */
  readonly at: number;
}

/** Rows of one table that are found by their words. */
export interface Searchable {
  readonly table: string;
  /** 1 unless told; goes up when `words` says other things of the same rows: the store then goes through the rows again. */
  readonly version?: number;
  /** Undefined for a row that is not to be found (any more): deleted, empty. Pure. */
  words(row: unknown): SearchWords | undefined;
}

export interface SearchQuestion {
  /** As a person types it: words, beginnings, slips of the finger, "word sequences". */
  readonly text: string;
  /** Rows of these tables only. */
  readonly tables?: readonly string[];
  readonly group?: string;
  readonly author?: string;
  /** Unix seconds, both inclusive. */
  readonly since?: number;
  readonly until?: number;
  /** 50 unless told, at most 500. */
  readonly limit?: number;
}

export interface SearchHit {
  readonly table: string;
  /** The row's id. */
  readonly id: string;
  readonly score: number;
  /** What to mark in its text, by `highlight`. */
  readonly terms: readonly Match[];
}

export interface SearchAnswer {
  /** Best first. */
  readonly hits: readonly SearchHit[];
  /** How many rows match in all. */
  readonly total: number;
  /** False when nothing has all the words: then the hits have some of them. */
  readonly all: boolean;
  /** Word sequences asked for in quotes; `holdsPhrase` tells whether a row's text has them. */
  readonly phrases: readonly (readonly Match[])[];
  /** Rows whose words are still being gathered (about so many): not found yet. Absent when there are none. */
  readonly missing?: number;
}
