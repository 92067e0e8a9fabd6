/** What the log holds: everything this device learnt or did, in order. Each variant carries its version `v`. */
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isRecord } from '#shared/json.ts';

/** What of a conversation the person wants to be told of while they are elsewhere. */
export type NoticeLevel = 'all' | 'mentions' | 'nothing';

export type LocalEvent =
  /** A relay delivered an event whose id and signature were verified. */
  | {
      readonly type: 'RelayEventSeen';
      readonly v: 1;
      readonly event: NostrEvent;
      readonly relay: string;
      /** Its words are gone: see `forgetting.ts`. */
      readonly forgotten?: true;
    }
  /** Signed here and queued for these relays. */
  | {
      readonly type: 'EventSigned';
      readonly v: 1;
      readonly event: NostrEvent;
      readonly relays: readonly string[];
      /** Uploads, by their hashes, that have to be stored before it is sent. */
      readonly after?: readonly string[];
      readonly forgotten?: true;
    }
  /** Said here in a private talk: the rumor, and the wraps that carry it, each to one person. */
  | {
      readonly type: 'RumorSent';
      readonly v: 1;
      readonly rumor: Rumor;
      readonly wraps: readonly { readonly id: string; readonly to: string }[];
      readonly forgotten?: true;
    }
  /** A wrap for `to`, an account of this device, was opened; its seal was signed by the rumor's author. */
  | {
      readonly type: 'WrapOpened';
      readonly v: 1;
      readonly wrap: string;
      readonly to: string;
      readonly rumor: Rumor;
      readonly forgotten?: true;
    }
  /** A wrap that waits until it is known where its person receives. */
  | { readonly type: 'LetterHeld'; readonly v: 1; readonly wrap: NostrEvent; readonly to: string }
  /** What the person says to strangers who began a private talk. */
  | {
      readonly type: 'RequestAnswered';
      readonly v: 1;
      readonly talk: string;
      readonly answer: 'accepted' | 'ignored';
    }
  /** A wrap that cannot be opened, or is not what it says. */
  | { readonly type: 'WrapRefused'; readonly v: 1; readonly wrap: string; readonly reason: string }
  /** A version of one's own list was opened, or written: what is sealed to oneself in it (NIP-51, NIP-78). */
  | {
      readonly type: 'ListOpened';
      readonly v: 1;
      /** The id of the version. */
      readonly event: string;
      /** Whose it is. */
      readonly of: string;
      readonly kind: number;
      /** Of addressable lists. */
      readonly d?: string;
      /** When the version was made, Unix seconds. */
      readonly at: number;
      readonly content: string;
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
  /** A Nostr event's own time has come (NIP-40). */
  | { readonly type: 'EventExpired'; readonly v: 1; readonly id: string }
  /**
   * The person put a conversation's lines up to a time (Unix seconds) away, on this device only. They can be had back for thirty days
   * after `at`.
   */
  | {
      readonly type: 'ConversationCleared';
      readonly v: 1;
      readonly conversation: string;
      readonly upTo: number;
      readonly at: number;
    }
  /** The person wants them back. */
  | { readonly type: 'ConversationRestored'; readonly v: 1; readonly conversation: string }
  /** The thirty days are over: what these Nostr events say is forgotten. */
  | { readonly type: 'EventsPurged'; readonly v: 1; readonly ids: readonly string[] }
  /** The person wants to see a line no more, on this device; what it says is forgotten. */
  | { readonly type: 'LineHidden'; readonly v: 1; readonly line: string; readonly conversation: string }
  /** How long the person's own lines of a place stay, in seconds; 0: for good. */
  | { readonly type: 'LinesStay'; readonly v: 1; readonly conversation: string; readonly after: number }
  /** Read up to this line's time (Unix seconds). */
  | { readonly type: 'ConversationRead'; readonly v: 1; readonly conversation: string; readonly upTo: number }
  /** What of a conversation is told on this device, and until when nothing is (Unix seconds; 0: it is). */
  | {
      readonly type: 'ConversationNotice';
      readonly v: 1;
      readonly conversation: string;
      readonly level: NoticeLevel;
      readonly mutedUntil: number;
    }
  /**
   * A value of one's own that all devices of the account share, set at a time (Unix seconds) here or elsewhere; without `value` it is
   * taken away.
   */
  | {
      readonly type: 'OwnValueSet';
      readonly v: 1;
      readonly shelf: 'people' | 'marks' | 'drafts' | 'settings' | 'devices';
      readonly key: string;
      readonly at: number;
      readonly value?: string;
    }
  | { readonly type: 'SettingChanged'; readonly v: 1; readonly name: string; readonly value: unknown };

/** The Nostr event inside, where there is one. */
export const carriedEvent = (event: LocalEvent): NostrEvent | undefined =>
  event.type === 'RelayEventSeen' || event.type === 'EventSigned' ? event.event : undefined;

/** The variants that this build reads, each with its newest version. */
const VARIANTS: Readonly<Record<LocalEvent['type'], LocalEvent['v']>> = {
  RelayEventSeen: 1,
  EventSigned: 1,
  RumorSent: 1,
  WrapOpened: 1,
  WrapRefused: 1,
  LetterHeld: 1,
  RequestAnswered: 1,
  ListOpened: 1,
  EventAccepted: 1,
  EventRejected: 1,
  EventDiscarded: 1,
  EventExpired: 1,
  ConversationCleared: 1,
  ConversationRestored: 1,
  EventsPurged: 1,
  LineHidden: 1,
  LinesStay: 1,
  DraftKept: 1,
  ConversationRead: 1,
  ConversationNotice: 1,
  OwnValueSet: 1,
  SettingChanged: 1,
};

/** True for a value of the log that this build can read; what a newer build wrote is kept and passed over. */
export const isLocalEvent = (value: unknown): value is LocalEvent => {
  if (!isRecord(value) || typeof value['type'] !== 'string' || typeof value['v'] !== 'number') return false;
  const newest = Object.hasOwn(VARIANTS, value['type'])
    ? VARIANTS[value['type'] as LocalEvent['type']]
    : undefined;
  return newest !== undefined && value['v'] <= newest;
};

/** What to call a value of the log that this build cannot read. */
export const variantName = (value: unknown): string =>
  isRecord(value) ? `${String(value['type'])} ${String(value['v'])}` : typeof value;

/** True when this build reads a variant, by `variantName`. */
export const readsVariant = (name: string): boolean => {
  const at = name.lastIndexOf(' ');
  return isLocalEvent({ type: name.slice(0, at), v: Number(name.slice(at + 1)) });
};
