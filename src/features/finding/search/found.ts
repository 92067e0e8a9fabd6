/** What a search finds, as it is shown; `app` says how rows become it, for features don't meet. */
import type { RowReader, Table } from '#client/store/table.ts';
import type { Match } from '#shared/words/query.ts';

interface FoundLine {
  readonly kind: 'line';
  readonly id: string;
  readonly group: string;
  readonly author: string;
  /** Unix seconds. */
  readonly at: number;
  /** As on the wire. */
  readonly text: string;
}

/** Somebody's words who asks to be let into a place. */
interface FoundRequest {
  readonly kind: 'request';
  readonly group: string;
  readonly author: string;
  readonly at: number;
  readonly text: string;
}

interface FoundPlace {
  readonly kind: 'place';
  readonly id: string;
  readonly name: string;
  readonly about: string;
}

interface FoundPerson {
  readonly kind: 'person';
  readonly pubkey: string;
  readonly name: string;
  readonly about: string;
}

export type Found = FoundLine | FoundRequest | FoundPlace | FoundPerson;

/** One hit with its row. */
export interface Hit {
  /** Among all hits. */
  readonly key: string;
  readonly found: Found;
  /** What to mark. */
  readonly terms: readonly Match[];
}

/** How the rows of one table are read as things found. */
export interface FoundTable {
  readonly name: string;
  /** In the order of the ids; undefined for rows that are gone. */
  load(rows: Pick<RowReader, 'getMany'>, ids: readonly string[]): Promise<(Found | undefined)[]>;
}

/** A table whose rows can be found. `read` answers undefined for a row that is not to be shown any more. */
export const foundTable = <Row>(table: Table<Row>, read: (row: Row) => Found | undefined): FoundTable => ({
  name: table.name,
  load: async (rows, ids) =>
    (await rows.getMany(table, ids)).map((row) => (row === undefined ? undefined : read(row))),
});

/** The words of something found in which a "sequence of words" must stand. */
export const wordsOf = (found: Found): string =>
  'text' in found ? found.text : `${found.name}\n${found.about}`;
