/** What must be known before a batch of events is judged: asked at once for the whole batch. */
import { sql } from 'kysely';
import type { NostrEvent, Tags } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { tagValues } from '#protocol/tags.ts';
import type { Database } from '../db/database.ts';
import { addressOf, parseAddress } from './rows.ts';
import { vanishedTarget } from './vanishing.ts';

export interface Target {
  readonly id: string;
  readonly kind: number;
  readonly pubkey: string;
  readonly created_at: number;
  readonly tags: Tags;
}

interface Version {
  readonly id: string;
  readonly created_at: number;
}

/** Facts of the store about a batch; grows with the batch's own events as they are judged. */
export interface Facts {
  readonly known: Set<string>;
  /** `target author` → up to when it is gone (Unix seconds). */
  readonly tombstones: Map<string, number>;
  readonly targets: Map<string, Target>;
  /** Newest version by address. */
  readonly versions: Map<string, Version>;
  /** `place prefix` of NIP-29 `previous` tags that are known. */
  readonly prefixes: Set<string>;
}

const hasTargets = (event: NostrEvent): boolean =>
  event.kind === kinds.DELETION || event.kind === kinds.DELETE_EVENT || event.kind === kinds.EDIT;

/** The key of a tombstone in `Facts.tombstones`. */
export const tombstoneKey = (target: string, author: string): string => `${target} ${author}`;

/** Whose event it is: its author's, and a letter also the one's it is for. When they vanish, it goes. */
export const keysBehind = (event: Pick<NostrEvent, 'kind' | 'pubkey' | 'tags'>): string[] => [
  event.pubkey,
  ...(event.kind === kinds.GIFT_WRAP ? tagValues(event, 'p') : []),
];

/** What is here already and what must not come back, in one question: every batch asks it, and a lone event waits for each answer. */
const findPast = async (
  db: Database,
  events: readonly NostrEvent[],
): Promise<Pick<Facts, 'known' | 'tombstones'>> => {
  const ids = events.map((event) => event.id);
  const all = events.flatMap((event) => [
    event.id,
    addressOf(event) ?? event.id,
    ...keysBehind(event).map(vanishedTarget),
  ]);
  const targets = [...new Set(all)];
  const { rows } = await sql<{ target: string; author: string | null; deleted_at: number | null }>`
    select event_id as target, null as author, null::int as deleted_at from events where event_id = any(${ids}::text[])
    union all
    select target, author, deleted_at from tombstones where target = any(${targets}::text[])`.execute(db);
  const known = new Set<string>();
  const tombstones = new Map<string, number>();
  for (const { target, author, deleted_at } of rows)
    if (author === null) known.add(target);
    else tombstones.set(tombstoneKey(target, author), deleted_at ?? 0);
  return { known, tombstones };
};

const findTargets = async (db: Database, events: readonly NostrEvent[]): Promise<Map<string, Target>> => {
  const ids = events.filter(hasTargets).flatMap((event) => tagValues(event, 'e'));
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Omit<Target, 'id'> & { event_id: string }>`
    select event_id, kind, pubkey, created_at, tags from events where event_id = any(${ids}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ event_id: id, ...row }) => [id, { id, ...row }]));
};

const findVersions = async (db: Database, events: readonly NostrEvent[]): Promise<Map<string, Version>> => {
  const addresses = events.flatMap((event) => addressOf(event) ?? []);
  const deleted = events
    .filter((event) => event.kind === kinds.DELETION)
    .flatMap((event) => tagValues(event, 'a'));
  const wanted = [...addresses, ...deleted].flatMap((address) => parseAddress(address) ?? []);
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{ address: string; event_id: string; created_at: number }>`
    select e.kind || ':' || e.pubkey || ':' || e.identifier as address, e.event_id, e.created_at
    from json_to_recordset(${JSON.stringify(wanted)}::json) as w(kind int, pubkey text, identifier text)
    join events e on e.kind = w.kind and e.pubkey = w.pubkey and e.identifier = w.identifier`.execute(db);
  return new Map(rows.map((row) => [row.address, { id: row.event_id, created_at: row.created_at }]));
};

const findPrefixes = async (db: Database, events: readonly NostrEvent[]): Promise<Set<string>> => {
  const wanted = events.flatMap((event) => {
    const place = tagValues(event, 'h')[0];
    return place === undefined ? [] : previousOf(event).map((prefix) => ({ place, prefix }));
  });
  if (wanted.length === 0) return new Set();
  const { rows } = await sql<{ place: string; prefix: string }>`
    select w.place, w.prefix from json_to_recordset(${JSON.stringify(wanted)}::json) as w(place text, prefix text)
    where exists (select 1 from events e where e.event_id collate "C" >= w.prefix
      and e.event_id collate "C" < w.prefix || 'g' and e.group_id = w.place)`.execute(db);
  return new Set(rows.map(({ place, prefix }) => prefixKey(place, prefix)));
};

/** The key of a known prefix in `Facts.prefixes`. */
export const prefixKey = (place: string, prefix: string): string => `${place} ${prefix}`;

/** All values of NIP-29's `previous` tags. */
export const previousOf = (event: Pick<NostrEvent, 'tags'>): string[] =>
  event.tags.flatMap(([name, ...values]) => (name === 'previous' ? values : []));

/** Gathers the facts for a batch. Throws on I/O. */
export const gatherFacts = async (db: Database, events: readonly NostrEvent[]): Promise<Facts> => {
  const [past, targets, versions, prefixes] = await Promise.all([
    findPast(db, events),
    findTargets(db, events),
    findVersions(db, events),
    findPrefixes(db, events),
  ]);
  return { ...past, targets, versions, prefixes };
};
