/** Second thoughts: one's own line in other words, for a while (seed 001 `edited_at`). */
import { isHex64 } from '#shared/bytes.ts';
import { MINUTE } from '#shared/time.ts';
import type { Draft, NostrEvent } from '../event.ts';
import * as kinds from '../kinds.ts';
import { groupOf, tagValues } from '../tags.ts';

/** Seconds after a line in which its author may say it otherwise. */
export const EDIT_WITHIN = 15 * MINUTE;

/** Kind 1010: the line's whole text anew. */
export const makeEdit = (group: string, line: string, text: string): Draft => ({
  kind: kinds.EDIT,
  content: text,
  tags: [
    ['h', group],
    ['e', line],
  ],
});

/** A line's new words, as read from the wire. */
export interface Edit {
  readonly id: string;
  readonly group: string;
  readonly line: string;
  readonly author: string;
  readonly text: string;
  /** Unix seconds. */
  readonly at: number;
}

/** Reads an edit of exactly one line; undefined for anything else. Whether it counts, only its line can tell: `countsFor`. */
export const parseEdit = (event: NostrEvent): Edit | undefined => {
  const group = groupOf(event);
  const [line, ...more] = tagValues(event, 'e');
  if (event.kind !== kinds.EDIT || group === undefined || !isHex64(line) || more.length > 0) return undefined;
  return { id: event.id, group, line, author: event.pubkey, text: event.content, at: event.created_at };
};

/** True for an edit by the line's own author, in its place, not before it and not too late. */
export const countsFor = (
  edit: Pick<Edit, 'author' | 'group' | 'at'>,
  line: { readonly author: string; readonly group: string; readonly at: number },
): boolean =>
  edit.author === line.author &&
  edit.group === line.group &&
  edit.at >= line.at &&
  edit.at <= line.at + EDIT_WITHIN;
