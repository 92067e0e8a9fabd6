/** How long the lines of a conversation stay. */
import type { RowReader, RowWriter } from '#client/store/table.ts';
import { conversations } from './tables.ts';
import type { ConversationRow } from './tables.ts';
import { readConversation } from './tally.ts';

type Stays = NonNullable<ConversationRow['stays']>;

const isOlder = (a: Stays, b: Stays): boolean => a.at < b.at || (a.at === b.at && a.id <= b.id);

/** The newest word on it counts, in whatever order they come. */
export const stayFrom = async (rows: RowWriter, group: string, stays: Stays): Promise<void> => {
  const row = await readConversation(rows, group);
  if (!row.stays || isOlder(row.stays, stays)) rows.put(conversations, { ...row, stays });
};

/** The person's own choice for a place; the last word of the log counts. */
export const stayByChoice = async (rows: RowWriter, group: string, after: number): Promise<void> =>
  rows.put(conversations, { ...(await readConversation(rows, group)), stays: { after, at: 0, id: '' } });

/** Seconds for which lines stay that are said now; 0: for good. */
export const staysIn = async (rows: Pick<RowReader, 'get'>, group: string): Promise<number> =>
  (await rows.get(conversations, group))?.stays?.after ?? 0;
