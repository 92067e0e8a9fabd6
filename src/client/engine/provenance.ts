/** Who may say what: the one place for rules about where an event came from. */
import type { NostrEvent } from '#protocol/event.ts';
import { isGroupState } from '#protocol/kinds.ts';

/** The own key of a relay (NIP-11 `self`), where it is known. */
export type RelayKeys = (relay: string) => string | undefined;

/** NIP-29: a group's state is true only when the relay that sent it signed it with its own key. */
export const isFromRightHand = (event: NostrEvent, relay: string, keys: RelayKeys): boolean =>
  !isGroupState(event.kind) || keys(relay) === event.pubkey;
