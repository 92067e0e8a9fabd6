/** Lines and reactions becoming rows, in any order of arrival. */
import type { RowWriter } from '#client/store/table.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import { parseDisappearing } from '#protocol/direct/disappearing.ts';
import { DIRECT_FILE, DIRECT_MESSAGE, DISAPPEARING, POLL } from '#protocol/kinds.ts';
import { parseLine, parseReaction } from '#protocol/messages.ts';
import type { Line } from '#protocol/messages.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { groupOf } from '#protocol/tags.ts';
import { parseLineWithFiles, withAttached } from './files.ts';
import { forgetCarried } from './forgetting.ts';
import { stayFrom } from './staying.ts';
import { conversations, lines, reactions, replies } from './tables.ts';
import type { Delivery, LineRow, ReactionRow } from './tables.ts';
import { isStanding, tally } from './tally.ts';
import { verdictOn } from './verdict.ts';
import { edits, wordedNow } from './wording.ts';

/** Relays in one order, so that histories compare. */
const withRelay = (relays: readonly string[], relay: string | undefined): readonly string[] =>
  relay === undefined || relays.includes(relay) ? relays : [...relays, relay].sort();

/** What is known after an answer or a delivery: once a relay has it, no refusal changes that. */
export const delivered = <Row extends { state: Delivery; relays: readonly string[]; reason?: string }>(
  row: Row,
  relay: string | undefined,
): Row => {
  if (relay === undefined) return row;
  const { reason: _reason, ...rest } = row;
  return { ...rest, state: 'sent', relays: withRelay(row.relays, relay) } as Row;
};

const isCleared = async (rows: RowWriter, { group, at }: LineRow): Promise<boolean> =>
  at <= ((await rows.get(conversations, group))?.clearedUpTo ?? -1);

/** All that a line ever said leaves rows and log. */
const forgetWords = async (rows: RowWriter, row: LineRow): Promise<void> => {
  await forgetCarried(rows, row);
  for (const edit of await rows.part(edits, { part: row.id })) {
    await forgetCarried(rows, edit);
    if (edit.text !== '') rows.put(edits, { ...edit, text: '' });
  }
};

/** The line as edits, deletions, its own end and the person have it now; words that are gone for good leave the log too. */
const judged = async (rows: RowWriter, row: LineRow): Promise<LineRow> => {
  const { leaving: _leaving, cleared: _cleared, ...line } = row;
  const { by, leaving, ends } = await verdictOn(rows, row);
  const cleared: Pick<LineRow, 'cleared'> = (await isCleared(rows, row)) ? { cleared: true } : {};
  if (by === undefined && ends.size === 0)
    return { ...(await wordedNow(rows, line)), ...cleared, ...(leaving ? { leaving } : {}) };
  await forgetWords(rows, row);
  const {
    reason: _reason,
    sealed: _sealed,
    files: _files,
    edited: _edited,
    previews: _previews,
    forwarded: _forwarded,
    poll: _poll,
    ...rest
  } = line;
  return {
    ...rest,
    text: '',
    mentions: [],
    ...(by === undefined ? {} : { deletedBy: by }),
    ...(ends.has('expired') ? { expired: true } : {}),
    ...(ends.has('purged') || ends.has('hidden') ? { purged: true } : {}),
    ...(ends.size === 0 ? cleared : {}),
  };
};

/** Writes where a line stands in its thread. */
export const placeInThread = (rows: RowWriter, row: LineRow): void => {
  for (const parent of new Set([row.root, row.replyTo]))
    if (parent !== undefined && parent !== row.id)
      rows.put(replies, {
        id: `${row.id}:${parent}`,
        line: row.id,
        parent,
        author: row.author,
        at: row.at,
        gone: !isStanding(row),
      });
};

/** Writes a line as deletions have it now, with everything that counts lines. */
export const putLine = async (rows: RowWriter, row: LineRow): Promise<void> => {
  const before = await rows.get(lines, row.id);
  const after = await judged(rows, row);
  rows.put(lines, after);
  placeInThread(rows, after);
  await tally(rows, before, after);
};

/** The person gave a line up that no relay has. */
export const dropLine = async (rows: RowWriter, row: LineRow): Promise<void> => {
  rows.delete(lines, row.id);
  await forgetCarried(rows, row);
  for (const parent of new Set([row.root, row.replyTo]))
    if (parent !== undefined) rows.delete(replies, `${row.id}:${parent}`);
  await tally(rows, row, undefined);
};

/** A line from a relay, or (without one) signed here. Anything else, and who pretends to be a private talk: nothing happens, false. */
export const projectLine = async (rows: RowWriter, event: NostrEvent, relay?: string): Promise<boolean> => {
  const line = parseLineWithFiles(event);
  return line !== undefined && !isTalk(line.group) && projectParsed(rows, line, relay);
};

/** A line of a private talk, from an opened wrap or (without `relay`) said here. Anything else: nothing happens, false. */
export const projectTalkLine = async (
  rows: RowWriter,
  event: NostrEvent,
  relay?: string,
): Promise<boolean> => {
  const line = parseLine(event, [DIRECT_MESSAGE, DIRECT_FILE, POLL]);
  if (!line) return projectStays(rows, event, relay);
  if (event.kind !== DIRECT_FILE) return projectParsed(rows, withAttached(line, event), relay);
  const sealed = { kind: event.kind, content: event.content, tags: event.tags.slice(1) };
  return projectParsed(rows, { ...line, text: '', sealed }, relay);
};

/** How long lines stay from here on. */
const projectStays = async (rows: RowWriter, event: NostrEvent, relay?: string): Promise<boolean> => {
  const stays = parseDisappearing(event);
  const line = parseLine(event, [DISAPPEARING]);
  if (stays === undefined || !line) return false;
  await stayFrom(rows, line.group, { after: stays, at: line.at, id: line.id });
  return projectParsed(rows, { ...line, text: '', stays }, relay);
};

const projectParsed = async (
  rows: RowWriter,
  line: Line & Pick<LineRow, 'sealed' | 'files' | 'previews' | 'stays' | 'poll'>,
  relay: string | undefined,
): Promise<true> => {
  const known = await rows.get(lines, line.id);
  await putLine(rows, delivered(known ?? { ...line, state: 'pending', relays: [] }, relay));
  return true;
};

/** Writes a reaction as deletions have it now. */
export const putReaction = async (rows: RowWriter, row: ReactionRow): Promise<void> => {
  const verdict = await verdictOn(rows, row);
  const { leaving: _leaving, ...rest } = row;
  if (verdict.by === undefined && verdict.ends.size === 0)
    return rows.put(reactions, verdict.leaving ? { ...rest, leaving: true } : rest);
  await forgetCarried(rows, row);
  rows.put(reactions, { ...rest, emoji: '', gone: true });
};

/** A reaction of a group, as `projectLine` for lines. */
export const projectReaction = async (
  rows: RowWriter,
  event: NostrEvent,
  relay?: string,
): Promise<boolean> => {
  const reaction = parseReaction(event);
  const group = groupOf(event);
  if (!reaction || group === undefined) return false;
  const known = await rows.get(reactions, event.id);
  const fresh = { ...reaction, id: event.id, group, author: event.pubkey, at: event.created_at };
  await putReaction(rows, delivered(known ?? { ...fresh, state: 'pending', relays: [] }, relay));
  return true;
};
