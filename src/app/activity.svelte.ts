/** Which places are alive: last lines and unread counts of every conversation this device knows, for map and lists. */
import { LINE_KINDS } from '#protocol/kinds.ts';
import type { City } from '#client/city/city.ts';
import { conversations } from '#features/chat/index.ts';
import type { ConversationRow } from '#features/chat/index.ts';

/** Newest lines of the whole city that are kept fresh, so that the first screen shows where people talk. */
const CITY_WIDE = 300;

/** Milliseconds between two readings while much comes in; the first change after a rest is read at once. */
const GATHER_MS = 300;

const isSame = (a: ConversationRow | undefined, b: ConversationRow): a is ConversationRow =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** The rows by id, those that have not changed as they were; the same record if none has. */
export const withRows = (
  known: Readonly<Record<string, ConversationRow>>,
  rows: readonly ConversationRow[],
): Readonly<Record<string, ConversationRow>> => {
  const next = rows.map((row) => {
    const before = known[row.id];
    return isSame(before, row) ? before : row;
  });
  const isKnown = next.length === Object.keys(known).length && next.every((row) => known[row.id] === row);
  return isKnown ? known : Object.fromEntries(next.map((row) => [row.id, row]));
};

export class Activity {
  rows = $state.raw<Readonly<Record<string, ConversationRow>>>({});
  readonly #city: Pick<City, 'all' | 'watch' | 'subscribe'>;
  #isReading = false;
  #isDue = false;

  constructor(city: Pick<City, 'all' | 'watch' | 'subscribe'>) {
    this.#city = city;
  }

  /** Reads, listens, and asks the city for its newest public lines. Answers how to stop. */
  start(): () => void {
    const unwatch = this.#city.watch([{ table: conversations.name }], () => void this.#read());
    const release = this.#city.subscribe({ filters: [{ kinds: LINE_KINDS, limit: CITY_WIDE }] });
    void this.#read();
    return () => {
      unwatch();
      release();
    };
  }

  /** One reading at a time; changes during it are gathered into one more. */
  async #read(): Promise<void> {
    this.#isDue = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        const rows = await this.#city.all(conversations);
        this.rows = withRows(this.rows, rows);
        await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      }
    } finally {
      this.#isReading = false;
    }
  }
}
