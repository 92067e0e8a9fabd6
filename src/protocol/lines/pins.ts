/** Lines that a conversation keeps in sight (NIP-29: 9010 and 39005; in private talk a 9010 rumor). */
import { isHex64 } from '#shared/bytes.ts';
import type { Draft, NostrEvent, Tag } from '../event.ts';
import * as kinds from '../kinds.ts';
import { groupOf, identifierOf, tagValues } from '../tags.ts';

/** Most lines that are pinned at once; the relay takes no more. */
export const PINS_MAX = 20;

/** Kind 9010: the whole list anew, in its order. */
export const makePins = (group: string, lines: readonly string[]): Draft => ({
  kind: kinds.UPDATE_PINS,
  content: '',
  tags: [['h', group], ...lines.map((line): Tag => ['e', line])],
});

/** What is pinned in a conversation, by one list. */
export interface Pins {
  readonly group: string;
  /** Ids, each once. */
  readonly lines: readonly string[];
}

const idsOf = (event: Pick<NostrEvent, 'tags'>): string[] =>
  [...new Set(tagValues(event, 'e').filter(isHex64))].slice(0, PINS_MAX);

/** Reads a place's list as its relay says it (39005); undefined for anything else. */
export const parsePlacePins = (event: Pick<NostrEvent, 'kind' | 'tags'>): Pins | undefined => {
  const group = identifierOf(event);
  return event.kind === kinds.GROUP_PINS && group !== '' ? { group, lines: idsOf(event) } : undefined;
};

/** Reads a list that somebody of a private talk has set (9010 with the talk as its group); undefined for anything else. */
export const parseTalkPins = (event: Pick<NostrEvent, 'kind' | 'tags'>): Pins | undefined => {
  const group = groupOf(event);
  return event.kind === kinds.UPDATE_PINS && group !== undefined ? { group, lines: idsOf(event) } : undefined;
};
