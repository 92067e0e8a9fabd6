/** The WebSocket's messages, both ways (NIP-01, 42, 45, 77). */
import { parseHex } from '#shared/bytes.ts';
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { parseEvent } from '../event.ts';
import type { NostrEvent } from '../event.ts';
import { parseFilter } from '../filters.ts';
import type { Filter } from '../filters.ts';

export type ClientMessage =
  | { readonly type: 'EVENT'; readonly event: NostrEvent }
  | { readonly type: 'REQ'; readonly subscription: string; readonly filters: readonly Filter[] }
  | { readonly type: 'COUNT'; readonly subscription: string; readonly filters: readonly Filter[] }
  | { readonly type: 'CLOSE'; readonly subscription: string }
  | {
      readonly type: 'NEG-OPEN';
      readonly subscription: string;
      readonly filter: Filter;
      readonly message: Uint8Array;
    }
  | { readonly type: 'NEG-MSG'; readonly subscription: string; readonly message: Uint8Array }
  | { readonly type: 'NEG-CLOSE'; readonly subscription: string }
  | { readonly type: 'AUTH'; readonly event: NostrEvent };

/** A message that can't be taken; where it named an event or a subscription, the answer can name it too. */
export interface MessageFailure extends Failure<'message'> {
  readonly eventId?: string;
  readonly subscription?: string;
  /** A reconciliation's id: its names are apart from those of subscriptions (NIP-77). */
  readonly reconciliation?: string;
}

type About = Pick<MessageFailure, 'eventId' | 'subscription' | 'reconciliation'>;

const refuse = (message: string, about: About = {}) =>
  ({ ok: false, error: { code: 'message', message, ...about } }) as const;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 64;

const parseFilters = (
  type: 'REQ' | 'COUNT',
  parts: readonly unknown[],
): Result<ClientMessage, MessageFailure> => {
  const subscription = parts[1];
  if (!isName(subscription)) return refuse('a subscription id has 1 to 64 characters');
  if (parts.length < 3) return refuse('at least one filter is needed', { subscription });
  const filters: Filter[] = [];
  for (const part of parts.slice(2)) {
    const filter = parseFilter(part);
    if (!filter.ok) return refuse(filter.error.message, { subscription });
    filters.push(filter.value);
  }
  return ok({ type, subscription, filters });
};

const parseCarrier = (type: 'EVENT' | 'AUTH', part: unknown): Result<ClientMessage, MessageFailure> => {
  const event = parseEvent(part);
  if (event.ok) return ok({ type, event: event.value });
  const id = typeof part === 'object' && part !== null && 'id' in part ? part.id : undefined;
  return refuse(event.error.message, typeof id === 'string' ? { eventId: id.slice(0, 64) } : {});
};

/** NIP-77: the id, with the opening a filter, then a binary message in hex. */
const parseReconciliation = (
  type: 'NEG-OPEN' | 'NEG-MSG' | 'NEG-CLOSE',
  parts: readonly unknown[],
): Result<ClientMessage, MessageFailure> => {
  const subscription = parts[1];
  if (!isName(subscription)) return refuse('a subscription id has 1 to 64 characters');
  if (type === 'NEG-CLOSE') return ok({ type, subscription });
  const about = { reconciliation: subscription };
  const hex = parts[type === 'NEG-OPEN' ? 3 : 2];
  const message = typeof hex === 'string' ? parseHex(hex) : undefined;
  if (!message?.ok) return refuse('a negentropy message is lower-case hex', about);
  if (type === 'NEG-MSG') return ok({ type, subscription, message: message.value });
  const filter = parseFilter(parts[2]);
  return filter.ok
    ? ok({ type, subscription, filter: filter.value, message: message.value })
    : refuse(filter.error.message, about);
};

/** One frame from a client, strictly; every failure has a sentence fit for `NOTICE`, `OK` or `CLOSED`. */
export const parseClientMessage = (frame: string): Result<ClientMessage, MessageFailure> => {
  const json = parseJson(frame);
  if (!json.ok) return refuse(json.error.message);
  if (!Array.isArray(json.value)) return refuse('a message is a JSON array');
  const parts: readonly unknown[] = json.value;
  switch (parts[0]) {
    case 'EVENT':
    case 'AUTH':
      return parseCarrier(parts[0], parts[1]);
    case 'REQ':
    case 'COUNT':
      return parseFilters(parts[0], parts);
    case 'CLOSE':
      return typeof parts[1] === 'string'
        ? ok({ type: 'CLOSE', subscription: parts[1].slice(0, 64) })
        : refuse('CLOSE names a subscription');
    case 'NEG-OPEN':
    case 'NEG-MSG':
    case 'NEG-CLOSE':
      return parseReconciliation(parts[0], parts);
    default:
      return refuse('unknown message type');
  }
};

export type RelayMessage =
  | readonly ['EVENT', string, NostrEvent]
  | readonly ['OK', string, boolean, string]
  | readonly ['EOSE', string]
  | readonly ['CLOSED', string, string]
  | readonly ['NOTICE', string]
  | readonly ['AUTH', string]
  | readonly ['COUNT', string, { readonly count: number }]
  /** The message in hex. */
  | readonly ['NEG-MSG', string, string]
  | readonly ['NEG-ERR', string, string];

/** The frame of a relay's message. */
export const encodeRelayMessage = (message: RelayMessage): string => JSON.stringify(message);

/** One frame from a relay, tolerantly: unknown types fail, extra parts are ignored (a relay may be newer, or may lie). */
export const parseRelayMessage = (frame: string): Result<RelayMessage, Failure<'message'>> => {
  const json = parseJson(frame, 32);
  if (!json.ok || !Array.isArray(json.value)) return fail('message', 'not a JSON array');
  const [type, a, b, c]: readonly unknown[] = json.value;
  if (typeof a !== 'string') return fail('message', 'the second part must be a string');
  switch (type) {
    case 'EVENT': {
      const event = parseEvent(b);
      return event.ok ? ok(['EVENT', a, event.value]) : fail('message', event.error.message);
    }
    case 'OK':
      return typeof b === 'boolean'
        ? ok(['OK', a, b, typeof c === 'string' ? c : ''])
        : fail('message', 'OK needs true or false');
    case 'EOSE':
    case 'NOTICE':
    case 'AUTH':
      return ok([type, a]);
    case 'CLOSED':
      return ok(['CLOSED', a, typeof b === 'string' ? b : '']);
    case 'COUNT':
      return parseCount(a, b);
    case 'NEG-MSG':
      return typeof b === 'string' ? ok(['NEG-MSG', a, b]) : fail('message', 'NEG-MSG needs a message');
    case 'NEG-ERR':
      return ok(['NEG-ERR', a, typeof b === 'string' ? b : '']);
    default:
      return fail('message', 'unknown message type');
  }
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parseCount = (subscription: string, part: unknown): Result<RelayMessage, Failure<'message'>> =>
  typeof part === 'object' && part !== null && 'count' in part && isCount(part.count)
    ? ok(['COUNT', subscription, { count: part.count }])
    : fail('message', 'COUNT needs a number');
