/** Where sealed messages reach a person (NIP-17, kind 10050). */
import { isHex64 } from '#shared/bytes.ts';
import type { NostrEvent } from '../event.ts';
import type { Filter } from '../filters.ts';
import * as kinds from '../kinds.ts';
import { normalizeRelayUrl } from '../lists.ts';
import { tagValues } from '../tags.ts';

/** Most inboxes of a person that are used: NIP-17 asks for one to three. */
const INBOXES_MAX = 3;

/** The relays that a person reads sealed messages from, at most three; malformed ones left out. Undefined for another kind. */
export const parseInboxRelays = (event: Pick<NostrEvent, 'kind' | 'tags'>): string[] | undefined => {
  if (event.kind !== kinds.INBOX_RELAYS) return undefined;
  const relays = tagValues(event, 'relay').flatMap((address) => normalizeRelayUrl(address) ?? []);
  return [...new Set(relays)].slice(0, INBOXES_MAX);
};

/** No group's name begins like this (see `isTalk`). */
const INBOX = '~letters ';

/** What a person's letters are called where a place's lines are called by its id. */
export const inboxOf = (person: string): string => INBOX + person;

/** The inbox that a wrap lies in; undefined for other events. */
export const inboxOfWrap = (event: Pick<NostrEvent, 'kind' | 'tags'>): string | undefined => {
  const [to] = event.kind === kinds.GIFT_WRAP ? tagValues(event, 'p') : [];
  return isHex64(to) ? inboxOf(to) : undefined;
};

/** What lies in an inbox; undefined for the id of a place. */
export const inboxFilter = (
  inbox: string,
  page: { until?: number; since?: number; limit?: number } = {},
): Filter | undefined => {
  const person = inbox.startsWith(INBOX) ? inbox.slice(INBOX.length) : undefined;
  return isHex64(person) ? { kinds: [kinds.GIFT_WRAP], '#p': [person], ...page } : undefined;
};
