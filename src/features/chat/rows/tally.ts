/** A conversation's counters and newest line, kept while its lines come and go. */
import type { Cursor, RowWriter } from '#client/store/table.ts';
import { SHUNNED } from '#client/lists/shunned/table.ts';
import type { ShunnedValue } from '#client/lists/shunned/table.ts';
import { defineTable } from '#client/store/table.ts';
import { wordTest } from '#protocol/lists/words.ts';
import { sealedFileOf } from './files.ts';
import { behindSecond, compareLines, conversations, isHidden, lineCursor, lines, selves } from './tables.ts';
import type { ConversationRow, LineRow } from './tables.ts';

const PREVIEW = 280;
const STEP = 50;

/** A conversation of which nothing is known. */
const emptyConversation = (id: string): ConversationRow => ({
  id,
  lastId: '',
  lastAt: 0,
  lastSeq: 0,
  lastText: '',
  lastAuthor: '',
  lines: 0,
  unread: 0,
  readUpTo: 0,
  draft: '',
});

/** Whom and what the person does not want to meet; one row. */
export const shunnedLines = defineTable<{ readonly id: string } & Pick<ShunnedValue, 'people' | 'words'>>({
  name: 'line_shunned',
  id: (row) => row.id,
});

/** A line that speaks to the person: still there, and not by somebody or with words that they have put away. */
const isHeard = async (rows: RowWriter, row: LineRow | undefined): Promise<boolean> => {
  if (!isStanding(row)) return false;
  const shunned = await rows.get(shunnedLines, SHUNNED);
  if (!shunned || (await rows.get(selves, row.author)) !== undefined) return true;
  return !shunned.people.includes(row.author) && !wordTestOf(shunned.words)(row.text);
};

let lastWords: { readonly key: string; readonly test: (text: string) => boolean } | undefined;
/** Made once for many lines. */
const wordTestOf = (words: readonly string[]): ((text: string) => boolean) => {
  const key = words.join('\n');
  if (lastWords?.key !== key) lastWords = { key, test: wordTest(words) };
  return lastWords.test;
};

/** True for a line that still has something to say. */
export const isStanding = (row: LineRow | undefined): row is LineRow =>
  row !== undefined &&
  row.stays === undefined &&
  row.deletedBy === undefined &&
  !row.leaving &&
  !isHidden(row);

/** A conversation's row, made up where there is none. */
export const readConversation = async (rows: RowWriter, id: string): Promise<ConversationRow> =>
  (await rows.get(conversations, id)) ?? emptyConversation(id);

const isNewer = (row: LineRow, { lastAt: at, lastSeq: seq = 0, lastId: id }: ConversationRow): boolean =>
  compareLines(row, { at, seq, id }) > 0;

const filesOf = (row: LineRow | undefined): Pick<ConversationRow, 'lastFiles'> => {
  const sealed = row && sealedFileOf(row);
  const files = sealed ? [sealed] : row?.files;
  return files
    ? {
        lastFiles: files.map(({ type, name, duration }) => ({
          type,
          ...(name === undefined ? {} : { name }),
          ...(duration === undefined ? {} : { duration }),
        })),
      }
    : {};
};

const newestOf = (row: LineRow | undefined) => ({
  lastId: row?.id ?? '',
  lastAt: row?.at ?? 0,
  lastSeq: row?.seq ?? 0,
  lastText: row?.text.slice(0, PREVIEW) ?? '',
  lastAuthor: row?.author ?? '',
  ...filesOf(row),
});

/** The conversation with another newest line, or with none. */
const withNewest = (
  { lastFiles: _lastFiles, ...row }: ConversationRow,
  newest: LineRow | undefined,
): ConversationRow => ({ ...row, ...newestOf(newest) });

const newestStanding = async (rows: RowWriter, group: string): Promise<LineRow | undefined> => {
  let before: Cursor | undefined;
  for (;;) {
    const page: LineRow[] = await rows.part(lines, { part: group, before, limit: STEP });
    const heard = await Promise.all(page.map((row) => isHeard(rows, row)));
    const found = page.find((_row, index) => heard[index]);
    const oldest = page.at(-1);
    if (found || !oldest) return found;
    before = lineCursor(oldest);
  }
};

const isUnread = async (rows: RowWriter, row: LineRow | undefined, readUpTo: number): Promise<boolean> =>
  row !== undefined &&
  row.at > readUpTo &&
  (await rows.get(selves, row.author)) === undefined &&
  (await isHeard(rows, row));

const countUnread = async (rows: RowWriter, group: string, readUpTo: number): Promise<number> => {
  const after = readUpTo === 0 ? undefined : behindSecond(readUpTo);
  const later = await rows.part(lines, { part: group, after });
  const unread = await Promise.all(later.map((row) => isUnread(rows, row, readUpTo)));
  return unread.filter(Boolean).length;
};

/** The conversation with its newest line and what is unread found anew; for when many lines came or went. */
export const recounted = async (rows: RowWriter, row: ConversationRow): Promise<ConversationRow> => ({
  ...withNewest(row, await newestStanding(rows, row.id)),
  unread: await countUnread(rows, row.id, row.readUpTo),
});

/** After a line of the conversation was written: what it was before, what it is now (absent: there is none). */
export const tally = async (
  rows: RowWriter,
  before: LineRow | undefined,
  after: LineRow | undefined,
): Promise<void> => {
  const group = (after ?? before)?.group;
  if (group === undefined) return;
  const old = await readConversation(rows, group);
  const unread =
    Number(await isUnread(rows, after, old.readUpTo)) - Number(await isUnread(rows, before, old.readUpTo));
  const next: ConversationRow = {
    ...old,
    lines: old.lines + Number(isStanding(after)) - Number(isStanding(before)),
    unread: old.unread + unread,
  };
  const speaks = await isHeard(rows, after);
  if (speaks && after && (isNewer(after, old) || after.id === old.lastId))
    rows.put(conversations, withNewest(next, after));
  else if (!speaks && before?.id === old.lastId)
    rows.put(conversations, withNewest(next, await newestStanding(rows, group)));
  else rows.put(conversations, next);
};

/** Reading went this far (Unix seconds); it never goes back. */
export const readUpTo = async (rows: RowWriter, group: string, upTo: number): Promise<void> => {
  const old = await readConversation(rows, group);
  if (upTo <= old.readUpTo) return;
  rows.put(conversations, { ...old, readUpTo: upTo, unread: await countUnread(rows, group, upTo) });
};

/** The person has put somebody or some words away, or wants to meet them again: everything is counted anew. */
export const shun = async (rows: RowWriter, { people, words }: ShunnedValue): Promise<void> => {
  rows.put(shunnedLines, { id: SHUNNED, people, words });
  for (const row of await rows.all(conversations)) rows.put(conversations, await recounted(rows, row));
};

/** What stands in the composer now; the last word of the log counts. */
export const keepDraft = async (rows: RowWriter, group: string, draft: string): Promise<void> =>
  rows.put(conversations, { ...(await readConversation(rows, group)), draft });

/** A key signs on this device for the first time: its lines stop counting as unread. */
export const becomeSelf = async (rows: RowWriter, pubkey: string): Promise<void> => {
  if (await rows.get(selves, pubkey)) return;
  rows.put(selves, { id: pubkey });
  for (const row of await rows.all(conversations))
    if (row.unread > 0)
      rows.put(conversations, { ...row, unread: await countUnread(rows, row.id, row.readUpTo) });
};
