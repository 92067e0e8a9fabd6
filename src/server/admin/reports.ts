/** Reports (NIP-56) gathered by what they are about: however often somebody reports, it counts once. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { REPORT_TYPES } from '#protocol/admin/admin.ts';
import type { AdminReport, ReportEnd, ReportType } from '#protocol/admin/admin.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';
import { canRead } from '../relay/access.ts';
import type { Access } from '../relay/access.ts';
import { placeOf, toEvent } from '../store/rows.ts';
import type { EventRow } from '../store/rows.ts';

export interface ReportPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly access: Access;
}

const SHOWN = 100;
const WORDS_SHOWN = 3;
const ABOUT = { e: 'event', x: 'file', p: 'person' } as const;
/** Of one reporter only so many count: a flood must not hide what others say. */
const MOST_BY_ONE = 200;

interface Row {
  readonly target: string;
  readonly name: 'e' | 'p' | 'x';
  readonly accused: string | null;
  readonly reporters: number;
  readonly types: readonly (string | null)[];
  readonly words: readonly string[] | null;
  readonly newest: number;
  readonly done: ReportEnd | null;
  readonly by_key: string | null;
  readonly at: number | null;
}

/** A dismissed report comes up again when somebody says it anew. */
const OPEN = sql`s.target is null or (s.done = 'dismissed' and g.newest > s.at)`;

const gather = (condition: RawBuilder<unknown>, order: RawBuilder<unknown>, now: number) => sql<Row>`
  with said as (
    select r.pubkey, r.created_at, r.content, r.tags,
      row_number() over (partition by r.pubkey order by r.created_at desc) as nth
    from events r where r.kind = ${sql.lit(kinds.REPORT)} and (r.expires_at is null or r.expires_at > ${now}::bigint)
      and not exists (select from banned_keys b where b.pubkey = r.pubkey)),
  named as (
    select said.*, t.name, t.target,
      (select p->>1 from jsonb_array_elements(tags) p where p->>0 = 'p' and p->>1 ~ '^[0-9a-f]{64}$' limit 1) as accused,
      (select x->>2 from jsonb_array_elements(tags) x where x->>0 in ('e', 'p', 'x') and x->>2 <> '' limit 1) as type
    from said cross join lateral (
      select tag->>0 as name, tag->>1 as target from jsonb_array_elements(said.tags) tag
      where tag->>0 in ('e', 'x', 'p') and tag->>1 ~ '^[0-9a-f]{64}$'
      order by array_position(array['e', 'x', 'p'], tag->>0) limit 1) t
    where nth <= ${MOST_BY_ONE}),
  g as (
    select target, min(name) as name, min(accused) as accused, count(distinct pubkey)::int as reporters,
      array_agg(distinct type) as types, max(created_at) as newest,
      (array_agg(left(content, 500) order by created_at desc) filter (where content <> ''))[1:${sql.lit(WORDS_SHOWN)}] as words
    from named group by target)
  select g.*, s.done, s.by_key, s.at from g left join report_states s on s.target = g.target
  where ${condition} order by ${order} limit ${SHOWN}`;

const typesOf = (types: Row['types']): ReportType[] =>
  REPORT_TYPES.filter((type) =>
    type === 'other'
      ? types.some((each) => !REPORT_TYPES.some((known) => known === each && known !== 'other'))
      : types.includes(type),
  );

interface Found {
  readonly event: NostrEvent;
  readonly isGone: boolean;
}

/** The events themselves, or the copies that are kept of those taken away. */
const findTargets = async (db: Database, ids: readonly string[]): Promise<Map<string, Found>> => {
  if (ids.length === 0) return new Map();
  const taken = await db
    .selectFrom('removed_events')
    .select(['event_id', 'event'])
    .where('event_id', 'in', ids)
    .execute();
  const { rows } =
    await sql<EventRow>`select event_id, pubkey, created_at, kind, tags, content, sig from events
    where event_id = any(${ids}::text[])`.execute(db);
  return new Map([
    ...taken.map(({ event_id, event }): [string, Found] => [event_id, { event, isGone: true }]),
    ...rows.map((row): [string, Found] => [row.event_id, { event: toEvent(row), isGone: false }]),
  ]);
};

/** Which of these files lie here. */
const findFiles = async (db: Database, hashes: readonly string[]): Promise<ReadonlySet<string>> => {
  if (hashes.length === 0) return new Set();
  const rows = await db.selectFrom('blobs').select('hash').where('hash', 'in', hashes).execute();
  return new Set(rows.map(({ hash }) => hash));
};

export class Reports {
  #ports: ReportPorts;

  constructor(ports: ReportPorts) {
    this.#ports = ports;
  }

  /** What waits for a decision: what most people report first. `by` reads it. Throws on I/O. */
  open(by: string): Promise<AdminReport[]> {
    return this.#gather(OPEN, sql`g.reporters desc, g.newest desc, g.target`, by);
  }

  /** What was decided, the newest first. Throws on I/O. */
  handled(by: string): Promise<AdminReport[]> {
    return this.#gather(sql`not (${OPEN})`, sql`s.at desc, g.target`, by);
  }

  /** What was said about one event or person. Throws on I/O. */
  async find(target: string, by: string): Promise<AdminReport | undefined> {
    return (await this.#gather(sql`g.target = ${target}`, sql`g.target`, by))[0];
  }

  /** Writes down how it ended. Throws on I/O. */
  async end(target: string, done: ReportEnd, by: string): Promise<void> {
    const at = this.#ports.clock.now();
    await sql`insert into report_states (target, done, by_key, at) values (${target}, ${done}, ${by}, ${at})
      on conflict (target) do update set done = excluded.done, by_key = excluded.by_key, at = excluded.at`.execute(
      this.#ports.db,
    );
  }

  /** Makes it wait again. Throws on I/O. */
  async reopen(target: string): Promise<void> {
    await this.#ports.db.deleteFrom('report_states').where('target', '=', target).execute();
  }

  async #gather(
    condition: RawBuilder<unknown>,
    order: RawBuilder<unknown>,
    by: string,
  ): Promise<AdminReport[]> {
    const { db, clock } = this.#ports;
    const { rows } = await gather(condition, order, clock.now()).execute(db);
    const targets = await findTargets(
      db,
      rows.flatMap(({ name, target }) => (name === 'e' ? [target] : [])),
    );
    const files = await findFiles(
      db,
      rows.flatMap(({ name, target }) => (name === 'x' ? [target] : [])),
    );
    return rows.map((row) =>
      row.name === 'x'
        ? { ...this.#describe(row, undefined, by), isGone: !files.has(row.target) }
        : this.#describe(row, targets.get(row.target), by),
    );
  }

  #describe(row: Row, found: Found | undefined, by: string): AdminReport {
    const { target, name, accused, reporters, types, words, newest, done, by_key, at } = row;
    const isEvent = name === 'e';
    const author = name === 'p' ? target : (found?.event.pubkey ?? accused);
    return {
      ...{ target, about: ABOUT[name], reporters, newest },
      types: typesOf(types),
      words: words ?? [],
      isGone: isEvent && (found?.isGone ?? true),
      ...(author ? { author } : {}),
      ...(found ? this.#read(found.event, by) : {}),
      ...(done && by_key && at !== null ? { end: { done, by: by_key, at } } : {}),
    };
  }

  /** Operators see of places what members see, and letters of nobody. */
  #read(event: NostrEvent, by: string): Partial<AdminReport> {
    if (!canRead(event, new Set([by]), this.#ports.access)) return { kind: event.kind };
    const place = placeOf(event);
    return { kind: event.kind, text: event.content.slice(0, 2000), ...(place ? { place } : {}) };
  }
}
