/**
 * Tables as features see them: typed rows by id, optionally gathered in parts (a conversation's lines) and ordered
 * within a part. How rows lie on the disk is the store's own business.
 */
export interface Table<Row> {
  readonly name: string;
  readonly id: (row: Row) => string;
  /** The part a row belongs to, e.g. its group. */
  readonly part?: (row: Row) => string;
  /** The order within a part (and of `all`), e.g. Unix seconds; equal orders fall back to the id. */
  readonly order?: (row: Row) => number;
}

/** Names a table once, with its row type. */
export const defineTable = <Row>(table: Table<Row>): Table<Row> => table;

/** A place in a part's order: the row it names is not included. */
export interface Cursor {
  readonly order: number;
  readonly id: string;
}

export interface PartQuery {
  readonly part: string;
  /** Only rows older (smaller) than this. */
  readonly before?: Cursor | undefined;
  /** Only rows newer (larger) than this. */
  readonly after?: Cursor | undefined;
  readonly limit?: number | undefined;
}

/** Reading rows; the same face in the store worker and in a page. */
export interface RowReader {
  get<Row>(table: Table<Row>, id: string): Promise<Row | undefined>;
  /** In the order of the ids; undefined where a row is missing. */
  getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]>;
  all<Row>(table: Table<Row>): Promise<Row[]>;
  /** Newest first (order, then id, descending); with `after` and a limit: the rows right after the cursor, still newest first. */
  part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]>;
  count<Row>(table: Table<Row>, part: string): Promise<number>;
}

/** What a projection may do. Reads see the writes made before them; nothing else may be awaited. */
export interface RowWriter extends RowReader {
  put<Row>(table: Table<Row>, row: Row): void;
  delete<Row>(table: Table<Row>, id: string): void;
  /**
   * The words of this Nostr event are to be forgotten: with this commit they leave the log, for good. Its id, author, time, kind and
   * the tags that place it stay, so that replaying gives the same rows; call it again whenever the event comes again.
   */
  forget(event: string): void;
}

/** Something to be told about: a table, or one part of it. */
export interface Watched {
  readonly table: string;
  readonly part?: string;
}
