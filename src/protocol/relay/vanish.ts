/** NIP-62: a key asks that everything about it goes, on some relays or on all. */
import type { Draft, NostrEvent } from '../event.ts';
import * as kinds from '../kinds.ts';
import { normalizeRelayUrl } from '../lists.ts';
import { tagValues } from '../tags.ts';

/** The `relay` of a request that is for every relay there is. */
export const ALL_RELAYS = 'ALL_RELAYS';

/** Kind 62, for these relays (or `ALL_RELAYS`): everything of the key up to the event's time. Nothing takes it back. */
export const makeVanish = (relays: readonly string[], reason = ''): Draft => ({
  kind: kinds.VANISH,
  tags: relays.map((relay) => ['relay', relay]),
  content: reason,
});

/** True when a request names a relay that is reached under one of these hosts, or all relays. */
export const asksUsToForget = (event: Pick<NostrEvent, 'tags'>, hosts: readonly string[]): boolean =>
  tagValues(event, 'relay').some((relay) => {
    if (relay === ALL_RELAYS) return true;
    const url = normalizeRelayUrl(relay);
    return url !== undefined && hosts.includes(new URL(url).host);
  });
