/**
 * Forgetting what an event says. What stays tells which event it was, of whom, when, of what kind and where it stands, so that its
 * tombstone can be made again from the log; text, signature and every tag that may say something go.
 */
import type { NostrEvent, Tag } from '#protocol/event.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
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

const wordless = ({ id, pubkey, created_at, kind, tags }: Rumor): Rumor => ({
  ...{ id, pubkey, created_at, kind },
  tags: placing(tags),
  content: '',
});

/** The local event without what the Nostr event inside says; itself where there is none, or nothing left to forget. */
export const withoutWords = (local: LocalEvent): LocalEvent => {
  if (isForgotten(local)) return local;
  switch (local.type) {
    case 'RelayEventSeen':
    case 'EventSigned':
      return { ...local, event: { ...wordless(local.event), sig: '' }, forgotten: true };
    case 'RumorSent':
    case 'WrapOpened':
      return { ...local, rumor: wordless(local.rumor), forgotten: true };
    default:
      return local;
  }
};

/** By which ids it can be named what is to be forgotten: the event's own, a rumor's, or those of the wrap that it came in. */
export const forgettableIds = (local: LocalEvent): readonly string[] => {
  switch (local.type) {
    case 'RelayEventSeen':
    case 'EventSigned':
      return [local.event.id];
    case 'RumorSent':
      return [local.rumor.id];
    case 'WrapOpened':
      return [local.wrap, local.rumor.id];
    default:
      return [];
  }
};

/** The local event as it is to stand in the log once these are forgotten. */
export const afterForgetting = (local: LocalEvent, ids: ReadonlySet<string>): LocalEvent =>
  forgettableIds(local).some((id) => ids.has(id)) ? withoutWords(local) : local;
