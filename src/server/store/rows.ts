/** Events to rows and back. */
import { isHex64 } from '#shared/bytes.ts';
import type { NostrEvent, Tags } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { expirationOf, groupOf, identifierOf } from '#protocol/tags.ts';
import { wordsOf } from './search/words.ts';

export interface EventRow {
  readonly event_id: string;
  readonly pubkey: string;
  readonly created_at: number;
  readonly kind: number;
  readonly tags: Tags;
  readonly content: string;
  readonly sig: string;
}

export interface StoredRow extends EventRow {
  readonly group_id: string | null;
  readonly identifier: string | null;
  readonly expires_at: number | null;
  /** A tsvector: what it can be searched for. */
  readonly words: string | null;
}

export interface TagRow {
  readonly name: string;
  readonly value: string;
  readonly kind: number;
  readonly created_at: number;
  readonly event_id: string;
}

/** At most so many tags of an event can be asked for; the first of them count. The city's own events are not bound. */
export const MAX_INDEXED_TAGS = 32;

/** The place an event belongs to: `d` of a place's state, else `h`. */
export const placeOf = (event: Pick<NostrEvent, 'kind' | 'tags'>): string | undefined =>
  kinds.isGroupState(event.kind) ? identifierOf(event) : groupOf(event);

/**
 * True when the `h` tags, if any, agree on one place. Judgement reads the first of them, questions find every one: an
 * event with a second or an empty one would be found in a place whose rules it never met.
 */
export const isPlaced = (event: Pick<NostrEvent, 'tags'>): boolean => {
  const named = new Set(event.tags.flatMap(([name, value]) => (name === 'h' ? [value ?? ''] : [])));
  return named.size <= 1 && !named.has('');
};

/** What replaces what: `kind:pubkey:d`; undefined for events that stay. */
export const addressOf = (event: Pick<NostrEvent, 'kind' | 'pubkey' | 'tags'>): string | undefined => {
  if (kinds.isReplaceable(event.kind)) return `${event.kind}:${event.pubkey}:`;
  return kinds.isAddressable(event.kind) ? `${event.kind}:${event.pubkey}:${identifierOf(event)}` : undefined;
};

const identifierColumn = (event: NostrEvent): string | null => {
  if (kinds.isReplaceable(event.kind)) return '';
  return kinds.isAddressable(event.kind) ? identifierOf(event) : null;
};

// PostgreSQL stores no NUL, and a lone surrogate has no UTF-8 form.
const unstorable = /\u0000|\p{Surrogate}/u;

/** True for text that PostgreSQL can keep as it is. */
export const isStorableText = (text: string): boolean => !unstorable.test(text);

/** True when all text of an event can be kept as it is. */
export const isStorable = (event: Pick<NostrEvent, 'content' | 'tags'>): boolean =>
  isStorableText(event.content) && event.tags.every((tag) => tag.every(isStorableText));

/** An event as the `events` table has it. */
export const toRow = (event: NostrEvent): StoredRow => ({
  event_id: event.id,
  pubkey: event.pubkey,
  created_at: event.created_at,
  kind: event.kind,
  tags: event.tags,
  content: event.content,
  sig: event.sig,
  group_id: placeOf(event) ?? null,
  identifier: identifierColumn(event),
  expires_at: expirationOf(event) ?? null,
  words: wordsOf(event),
});

/** True for tags that a filter can name. */
export const isIndexable = ([name, value]: readonly string[]): boolean =>
  name !== undefined && /^[a-zA-Z]$/.test(name) && value !== undefined;

/** The rows of `event_tags`: one for each different single-letter tag, `h` and `d` first. */
export const toTagRows = (event: NostrEvent, most = MAX_INDEXED_TAGS): TagRow[] => {
  const rows = new Map<string, TagRow>();
  const { kind, created_at, id: event_id } = event;
  const indexable = event.tags.filter(isIndexable);
  const vital = indexable.filter(([name]) => name === 'h' || name === 'd');
  for (const [name = '', value = ''] of [...vital, ...indexable]) {
    if (rows.size >= most) break;
    const key = `${name}${value}`;
    if (!rows.has(key)) rows.set(key, { name, value, kind, created_at, event_id });
  }
  return [...rows.values()];
};

/** A stored event in NIP-01's shape. */
export const toEvent = (row: EventRow): NostrEvent => ({
  id: row.event_id,
  pubkey: row.pubkey,
  created_at: row.created_at,
  kind: row.kind,
  tags: row.tags,
  content: row.content,
  sig: row.sig,
});

/** The parts of `kind:pubkey:d` (NIP-01); undefined when it isn't one. */
export const parseAddress = (
  text: string,
): { readonly kind: number; readonly pubkey: string; readonly identifier: string } | undefined => {
  const [kind = '', pubkey = '', ...rest] = text.split(':');
  return /^\d{1,5}$/.test(kind) && isHex64(pubkey)
    ? { kind: Number(kind), pubkey, identifier: rest.join(':') }
    : undefined;
};
