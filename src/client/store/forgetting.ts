/**
 * Forgetting what an event says. What stays tells which event it was, of whom, when, of what kind and where it stands, so that its
 * tombstone can be made again from the log; text, signature and every tag that may say something go.
 */
import type { NostrEvent, Tag } from '#protocol/event.ts';
import { carriedEvent } from './local-events.ts';
import type { LocalEvent } from './local-events.ts';

/** Tags that place an event: group, lines above and spoken of, people, kinds, time, order within a second. */
const PLACING: ReadonlySet<string> = new Set([
  'h',
  'e',
  'E',
  'q',
  'a',
  'A',
  'p',
  'P',
  'k',
  'K',
  'expiration',
  'seq',
]);
/** A placing tag's name and values; NIP-10's marker and key are the last of them. */
const PLACING_LENGTH = 5;

const placing = (tags: NostrEvent['tags']): Tag[] =>
  tags.flatMap((tag) => (PLACING.has(tag[0] ?? '') ? [tag.slice(0, PLACING_LENGTH)] : []));

/** True when nothing of what it says is left in it. */
export const isForgotten = (event: LocalEvent): boolean => 'forgotten' in event && event.forgotten === true;

/** The local event without what the Nostr event inside says; itself where there is none, or nothing left to forget. */
export const withoutWords = (local: LocalEvent): LocalEvent => {
  if (local.type !== 'RelayEventSeen' && local.type !== 'EventSigned') return local;
  if (isForgotten(local)) return local;
  const { id, pubkey, created_at, kind, tags } = local.event;
  const event: NostrEvent = { id, pubkey, created_at, kind, tags: placing(tags), content: '', sig: '' };
  return { ...local, event, forgotten: true };
};

/** The local event as it is to stand in the log once these are forgotten. */
export const afterForgetting = (local: LocalEvent, ids: ReadonlySet<string>): LocalEvent => {
  const id = carriedEvent(local)?.id;
  return id !== undefined && ids.has(id) ? withoutWords(local) : local;
};
