/**
 * Taking events away by an operator's decision, so that it can be undone: a copy stays for a while, and only after a
 * moment does the place hear of it (a 9005 by the city's key), so that devices let go of it too. The policy keeps what
 * was taken from coming back.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import { makeDeleteEvent } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { groupOf } from '#protocol/tags.ts';
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { CityKey } from '../city-key.ts';
import type { Database } from '../db/database.ts';
import type { GroupReader } from '../groups/directory.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { gatherFacts } from '../store/facts.ts';
import { emptyPlan, writePlan } from '../store/plan.ts';
import { addressOf } from '../store/rows.ts';

export interface RemovalPorts {
  readonly db: Database;
  readonly ledger: Pick<Ledger, 'exclusively' | 'submit'>;
  readonly places: GroupReader;
  readonly key: CityKey;
  readonly clock: Clock;
}

/** Time to change one's mind before devices are told, in seconds. */
const SECOND_THOUGHTS = 20;
/** How long what was taken away can come back, in seconds. */
const UNDOABLE = 30 * DAY;
const TOLD_AT_ONCE = 200;
const RESTORED_AT_ONCE = 500;

/** Why something is gone: one event, or everything of a key. */
export type Because = `event:${string}` | `key:${string}`;

/** A place is rebuilt from what its admins did, and what the city says of it is said anew anyway. */
const removable = (self: string): RawBuilder<unknown> => sql`pubkey <> ${self}
  and kind not between ${sql.lit(kinds.FIRST_MODERATION)} and ${sql.lit(kinds.DEMOTE_ADMIN)}`;

export class Removal {
  #ports: RemovalPorts;

  constructor(ports: RemovalPorts) {
    this.#ports = ports;
  }

  /** Takes one event away, or everything of a key; how much went. Throws on I/O. */
  take(because: Because): Promise<number> {
    const { db, key, clock, ledger } = this.#ports;
    const name = because.slice(because.indexOf(':') + 1);
    const which = because.startsWith('event:') ? sql`event_id = ${name}` : sql`pubkey = ${name}`;
    return ledger.exclusively(async () => {
      const { rows } = await sql<{ gone: number }>`
        with gone as (delete from events where ${which} and ${removable(key.pubkey)} returning *),
          tags as (delete from event_tags t using gone where t.event_id = gone.event_id),
          kept as (insert into removed_events (event_id, pubkey, event, because, removed_at)
            select event_id, pubkey, jsonb_build_object('id', event_id, 'pubkey', pubkey, 'created_at', created_at,
              'kind', kind, 'tags', tags, 'content', content, 'sig', sig), ${because}, ${clock.now()} from gone
            on conflict (event_id) do update set because = excluded.because, removed_at = excluded.removed_at)
        select count(*)::int as gone from gone`.execute(db);
      return rows[0]?.gone ?? 0;
    });
  }

  /** Brings back what was taken for this reason and nobody has replaced since; how much came. Throws on I/O. */
  async restore(because: Because): Promise<number> {
    let restored = 0;
    for (;;) {
      const some = await this.#ports.ledger.exclusively(() => this.#restoreSome(because));
      restored += some;
      if (some < RESTORED_AT_ONCE) return restored;
    }
  }

  /** Forgets the copies of what was taken away so long ago that nobody will undo it. Throws on I/O. */
  async forget(): Promise<void> {
    const { db, clock } = this.#ports;
    await sql`delete from removed_events where removed_at < ${clock.now() - UNDOABLE}`.execute(db);
  }

  /** Tells places what was taken away from them a moment ago; how many lines. Throws on I/O. */
  async announce(): Promise<number> {
    const { db, clock, places } = this.#ports;
    const { rows } = await sql<{ event: NostrEvent }>`
      update removed_events set announced = true where event_id in (
        select event_id from removed_events where not announced and removed_at <= ${clock.now() - SECOND_THOUGHTS}
        order by removed_at limit ${TOLD_AT_ONCE} for update skip locked) returning event`.execute(db);
    const lines = rows.filter(({ event }) => {
      const place = places.get(groupOf(event) ?? '');
      return place && !place.deleted;
    });
    for (const { event } of lines) await this.#tell(event);
    return lines.length;
  }

  async #tell({ id, tags }: NostrEvent): Promise<void> {
    const { key, ledger, clock } = this.#ports;
    const draft = makeDeleteEvent(groupOf({ tags }) ?? '', id);
    await ledger.submit(key.sign({ ...draft, created_at: clock.now() }));
  }

  async #restoreSome(because: Because): Promise<number> {
    const { db, key } = this.#ports;
    const rows = await db
      .selectFrom('removed_events')
      .select(['event_id', 'event', 'announced'])
      .where('because', '=', because)
      .limit(RESTORED_AT_ONCE)
      .execute();
    if (rows.length === 0) return 0;
    const ids = rows.map(({ event_id }) => event_id);
    const events = rows.map(({ event }) => event);
    const facts = await gatherFacts(db, events);
    const inserts = events.filter(
      (event) => !facts.known.has(event.id) && !facts.versions.has(addressOf(event) ?? ''),
    );
    const uncounted = { pubkey: key.pubkey, saltOf: () => null };
    await db.transaction().execute(async (transaction) => {
      await writePlan(transaction, { ...emptyPlan(), inserts }, uncounted);
      await sql`delete from removed_events where event_id = any(${ids}::text[])`.execute(transaction);
      const told = rows.filter(({ announced }) => announced).map(({ event_id }) => event_id);
      if (told.length > 0) await takeBack(transaction, told, key.pubkey);
    });
    return rows.length;
  }
}

/** What the city said about these lines is unsaid: else the next start would take them away again. */
const takeBack = async (db: Database, ids: readonly string[], self: string): Promise<void> => {
  await sql`delete from tombstones where target = any(${ids}::text[]) and author like 'h:%'`.execute(db);
  await sql`with gone as (delete from events e using event_tags t where e.event_id = t.event_id and t.name = 'e'
      and t.value = any(${ids}::text[]) and e.kind = ${sql.lit(kinds.DELETE_EVENT)} and e.pubkey = ${self}
      returning e.event_id)
    delete from event_tags t using gone where t.event_id = gone.event_id`.execute(db);
};
