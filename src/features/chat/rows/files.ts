/** What hangs on a line: files by NIP-92, or the line is one itself (NIP-94 in a group). */
import type { NostrEvent } from '#protocol/event.ts';
import { FILE_METADATA } from '#protocol/kinds.ts';
import { contentWithoutFiles, parseAttachments, parseFileMetadata } from '#protocol/media/attachments.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { parsePreviews } from '#protocol/media/previews.ts';
import { parseSealedFile } from '#protocol/media/sealed-files.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import { parsePoll } from '#protocol/lines/polls.ts';
import { parseLine } from '#protocol/messages.ts';
import type { Line } from '#protocol/messages.ts';
import { groupOf } from '#protocol/tags.ts';
import type { LineRow } from './tables.ts';

/** A line as it is shown: its words without the addresses of its files. */
export type LineWithFiles = Line & Pick<LineRow, 'files' | 'previews' | 'poll'>;

/** A file that was put into a group without a line (kind 1063). */
const parseFileLine = (event: NostrEvent): LineWithFiles | undefined => {
  const group = groupOf(event);
  const file = event.kind === FILE_METADATA ? parseFileMetadata(event) : undefined;
  if (group === undefined || !file) return undefined;
  const { id, pubkey: author, content: text, created_at: at, kind } = event;
  return { id, group, author, text, at, kind, mentions: [], files: [file] };
};

/** Reads a line with what hangs on it; undefined for anything that isn't one. */
export const parseLineWithFiles = (event: NostrEvent): LineWithFiles | undefined => {
  const line = parseLine(event);
  return line ? withAttached(line, event) : parseFileLine(event);
};

/** A line with the open files and previews that its author hung on it. */
export const withAttached = (line: Line, event: NostrEvent): LineWithFiles => {
  const files = parseAttachments(event);
  const poll = parsePoll(event);
  const told = { ...withPreviews(line, event), ...(poll ? { poll } : {}) };
  return files.length === 0 ? told : { ...told, text: contentWithoutFiles(line.text, files), files };
};

/** A line with what its author saw behind its web addresses. */
const withPreviews = <L extends Line>(
  line: L,
  event: Pick<NostrEvent, 'tags'>,
): L & Pick<LineRow, 'previews'> => {
  const previews = parsePreviews(event);
  return previews.length === 0 ? line : { ...line, previews };
};

/** The file that a line of private talk is; undefined for every other line. */
export const sealedFileOf = ({ sealed }: Pick<LineRow, 'sealed'>): SealedFile | undefined =>
  sealed && parseSealedFile(sealed);

/** Everything of a line that can be found by its words: what it says, and what its files are called and show. */
export const wordsOfLine = ({ text, files = [] }: Pick<LineRow, 'text' | 'files'>): string =>
  [text, ...files.flatMap(({ alt, name }: Attachment) => [alt, name])]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
