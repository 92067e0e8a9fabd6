/** Where sealed messages reach a person (NIP-17, kind 10050). */
import type { NostrEvent } from '../event.ts';
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
