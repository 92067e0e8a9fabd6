/** What waits to be sent: one entry for each event and relay, kept by the same transaction that logs the event. */
import type { NostrEvent } from '#protocol/event.ts';
import { groupOf } from '#protocol/tags.ts';
import type { LocalEvent } from './local-events.ts';

export interface QueueEntry {
  /** The event's id. */
  readonly id: string;
  readonly relay: string;
  readonly event: NostrEvent;
  /** Entries of one conversation are sent in order; a lone event is a conversation of its own. */
  readonly conversation: string;
  /** Uploads, by their hashes, that have to be stored before it is sent. */
  readonly after?: readonly string[];
  /** The log's number of its signing. */
  readonly order: number;
  readonly state: 'waiting' | 'refused';
  /** The relay's words, once refused. */
  readonly reason: string;
  /** What a relay said while the profile was not open, and no log could take it down. */
  readonly answer?: { readonly accepted: boolean; readonly words: string };
}

/** True for what has still to be sent. */
export const isToSend = ({ state, answer }: QueueEntry): boolean => state === 'waiting' && !answer;

/** An event that no relay wants, and what the first of them said. */
export interface RefusedEvent {
  readonly event: NostrEvent;
  readonly relays: readonly string[];
  /** In the relay's own words, prefix included. */
  readonly reason: string;
  /** Uploads, by their hashes, that it waits for. */
  readonly after?: readonly string[];
}

/** What waits for the person's hand, in the order of signing: refused by every relay that has still to take it. */
export const refusedEvents = (entries: readonly QueueEntry[]): RefusedEvent[] => {
  const byId = new Map<string, QueueEntry[]>();
  for (const entry of entries) byId.set(entry.id, [...(byId.get(entry.id) ?? []), entry]);
  return [...byId.values()].flatMap((all) => {
    const [first] = all;
    if (!first || !all.every(({ state }) => state === 'refused')) return [];
    const { event, reason, after } = first;
    return { event, relays: all.map(({ relay }) => relay), reason, ...(after ? { after } : {}) };
  });
};

/** What an event in the log does to the queue. */
export type QueueChange =
  | { readonly do: 'add'; readonly entry: QueueEntry }
  | { readonly do: 'drop'; readonly id: string; readonly relay: string }
  | { readonly do: 'drop-all'; readonly id: string }
  | { readonly do: 'refuse'; readonly id: string; readonly relay: string; readonly reason: string };

/** The queue's rules: signed events enter, answers and the person's hand take them out. */
export const queueChanges = (event: LocalEvent, order: number): QueueChange[] => {
  switch (event.type) {
    case 'EventSigned':
      return event.relays.map((relay) => ({ do: 'add', entry: newEntry(event, relay, order) }));
    case 'EventAccepted':
      return [{ do: 'drop', id: event.id, relay: event.relay }];
    case 'EventRejected':
      return [{ do: 'refuse', id: event.id, relay: event.relay, reason: event.reason }];
    case 'EventDiscarded':
    case 'EventExpired':
      return [{ do: 'drop-all', id: event.id }];
    default:
      return [];
  }
};

type Signed = Extract<LocalEvent, { type: 'EventSigned' }>;

const newEntry = ({ event, after = [] }: Signed, relay: string, order: number): QueueEntry => ({
  id: event.id,
  relay,
  event,
  conversation: groupOf(event) ?? event.id,
  ...(after.length > 0 ? { after } : {}),
  order,
  state: 'waiting',
  reason: '',
});

/** The queue as the outbox sees it. */
export interface Queue {
  /** Everything in it, in the order of signing. */
  entries(): Promise<QueueEntry[]>;
  /** The entries of one event. */
  entriesOf(id: string): Promise<QueueEntry[]>;
  /** Makes refused entries of an event wait again. */
  renew(id: string): Promise<void>;
  /** What relays said to whoever sent something of it while the profile was not open, as events for the log. */
  answers(): Promise<LocalEvent[]>;
  /** Calls back when the queue may have changed, by this tab or another. */
  watch(changed: () => void): () => void;
}
