/** What the log holds: everything this device learnt or did, in order. Each variant carries its version `v`. */
import type { NostrEvent } from '#protocol/event.ts';

export type LocalEvent =
  /** A relay delivered an event whose id and signature were verified. */
  | { readonly type: 'RelayEventSeen'; readonly v: 1; readonly event: NostrEvent; readonly relay: string }
  /** Signed here and queued for these relays. */
  | {
      readonly type: 'EventSigned';
      readonly v: 1;
      readonly event: NostrEvent;
      readonly relays: readonly string[];
    }
  /** A relay answered `OK` true. */
  | {
      readonly type: 'EventAccepted';
      readonly v: 1;
      readonly id: string;
      readonly relay: string;
      readonly note: string;
    }
  /** A relay answered `OK` false; `reason` in the relay's own words, prefix included. */
  | {
      readonly type: 'EventRejected';
      readonly v: 1;
      readonly id: string;
      readonly relay: string;
      readonly reason: string;
    }
  /** The person gave a refused or waiting event up. */
  | { readonly type: 'EventDiscarded'; readonly v: 1; readonly id: string }
  /** What stands in a conversation's composer; empty text ends the draft. */
  | {
      readonly type: 'DraftKept';
      readonly v: 1;
      readonly conversation: string;
      readonly text: string;
      readonly at: number;
    }
  /** Read up to this line's time (Unix seconds). */
  | { readonly type: 'ConversationRead'; readonly v: 1; readonly conversation: string; readonly upTo: number }
  | { readonly type: 'SettingChanged'; readonly v: 1; readonly name: string; readonly value: unknown };

/** The Nostr event inside, where there is one. */
export const carriedEvent = (event: LocalEvent): NostrEvent | undefined =>
  event.type === 'RelayEventSeen' || event.type === 'EventSigned' ? event.event : undefined;
