/** What operators decide, written down and in force at once, here and in the city's other processes. */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { AdminMark, AdminRefusalCode, AdminRules } from '#protocol/admin/admin.ts';
import * as kinds from '#protocol/kinds.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { AddressList, parseAddressRange } from '../policy/addresses.ts';
import type { CityPolicy } from '../policy/policy.ts';
import type { Removal } from './removal.ts';

export interface DeskPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly policy: CityPolicy;
  readonly removal: Removal;
  /** What the environment says, where operators have said nothing. */
  readonly name: string;
  readonly description: string;
  /** Lets the city's other processes know that they should read the decisions anew. */
  readonly tellOthers: () => void;
}

export type Decided = Result<true, Failure<AdminRefusalCode>>;
/** Who decides, and why. */
export interface Decision {
  readonly by: string;
  readonly reason: string;
}

type MarkTable = 'banned_keys' | 'banned_events' | 'allowed_keys' | 'blocked_addresses';
const columns = {
  banned_keys: 'pubkey',
  banned_events: 'event_id',
  allowed_keys: 'pubkey',
  blocked_addresses: 'address',
} as const satisfies Readonly<Record<MarkTable, string>>;

const SAFE = 'an operator or the city itself cannot be kept out';
/** Without these no place could be made or kept, and nobody could take back what they said. */
const isNeeded = (kind: number): boolean => kinds.isGroupAction(kind) || kind === kinds.DELETION;

type SettingName = 'name' | 'description' | 'icon' | 'allow-list';

export class Desk {
  #ports: DeskPorts;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  /** Keeps a key from writing; `take`: everything it wrote goes too. Refuses for operators and the city. */
  async ban(pubkey: string, decision: Decision, take = false): Promise<Decided> {
    if (this.#ports.policy.isSafe(pubkey)) return fail('conflict', SAFE);
    await this.#mark('banned_keys', pubkey, decision);
    if (take) await this.#ports.removal.take(`key:${pubkey}`);
    return ok(true);
  }

  /** Lets a key write again, and brings back what was taken with it. */
  async unban(pubkey: string): Promise<Decided> {
    await this.#unmark('banned_keys', pubkey);
    await this.#ports.removal.restore(`key:${pubkey}`);
    return ok(true);
  }

  async allow(pubkey: string, decision: Decision): Promise<Decided> {
    await this.#mark('allowed_keys', pubkey, decision);
    return ok(true);
  }

  async unallow(pubkey: string): Promise<Decided> {
    await this.#unmark('allowed_keys', pubkey);
    return ok(true);
  }

  /** Takes an event away and keeps it away, also when it isn't here yet. Refuses for what makes a place. */
  async banEvent(id: string, decision: Decision): Promise<Decided> {
    const { db, removal } = this.#ports;
    const row = await db.selectFrom('events').select('kind').where('event_id', '=', id).executeTakeFirst();
    if (row && (kinds.isGroupAction(row.kind) || kinds.isGroupState(row.kind)))
      return fail('conflict', 'a place is made of this; delete or edit the place instead');
    await this.#mark('banned_events', id, decision);
    await removal.take(`event:${id}`);
    return ok(true);
  }

  async allowEvent(id: string): Promise<Decided> {
    await this.#unmark('banned_events', id);
    await this.#ports.removal.restore(`event:${id}`);
    return ok(true);
  }

  /** Blocks an address or a range; never the one that the operator comes from. */
  async block(text: string, own: string, decision: Decision): Promise<Decided> {
    const range = parseAddressRange(text);
    if (!range.ok) return range;
    if (new AddressList([range.value]).has(own)) return fail('conflict', 'you are at this address yourself');
    await this.#mark('blocked_addresses', range.value, decision);
    return ok(true);
  }

  async unblock(text: string): Promise<Decided> {
    const range = parseAddressRange(text);
    if (!range.ok) return range;
    await this.#unmark('blocked_addresses', range.value);
    return ok(true);
  }

  async disallowKind(kind: number): Promise<Decided> {
    if (isNeeded(kind)) return fail('conflict', `the city cannot do without kind ${kind}`);
    await sql`insert into disallowed_kinds (kind, at) values (${kind}, ${this.#ports.clock.now()})
      on conflict do nothing`.execute(this.#ports.db);
    return this.#changed();
  }

  async allowKind(kind: number): Promise<Decided> {
    await this.#ports.db.deleteFrom('disallowed_kinds').where('kind', '=', kind).execute();
    return this.#changed();
  }

  /** Sets what the city says of itself; empty: what the environment says. */
  async set(name: SettingName, value: string): Promise<Decided> {
    await sql`insert into city_settings (name, value, at) values (${name}, ${value}, ${this.#ports.clock.now()})
      on conflict (name) do update set value = excluded.value, at = excluded.at`.execute(this.#ports.db);
    return this.#changed();
  }

  /** A list, newest first. Throws on I/O. */
  async list(table: MarkTable): Promise<AdminMark[]> {
    const { rows } = await sql<AdminMark>`select ${sql.ref(columns[table])} as name, reason, by_key as by, at
      from ${sql.table(table)} order by at desc, 1 limit 5000`.execute(this.#ports.db);
    return rows;
  }

  async disallowedKinds(): Promise<number[]> {
    const rows = await this.#ports.db.selectFrom('disallowed_kinds').select('kind').orderBy('kind').execute();
    return rows.map(({ kind }) => kind);
  }

  /** Everything for the page. Throws on I/O. */
  async rules(): Promise<AdminRules> {
    const { policy, name, description } = this.#ports;
    const [banned, allowed, addresses, disallowedKinds] = await Promise.all([
      this.list('banned_keys'),
      this.list('allowed_keys'),
      this.list('blocked_addresses'),
      this.disallowedKinds(),
    ]);
    const { settings } = policy;
    return {
      name: settings.name ?? name,
      description: settings.description ?? description,
      allowListOnly: settings.allowListOnly,
      ...{ banned, allowed, addresses, disallowedKinds },
    };
  }

  async #mark(table: MarkTable, name: string, { by, reason }: Decision): Promise<void> {
    const { db, clock } = this.#ports;
    const row = { [columns[table]]: name, reason, by_key: by, at: clock.now() };
    await db
      .insertInto(table)
      .values(row as Insertable<Tables[MarkTable]>)
      .onConflict((conflict) =>
        conflict.column(columns[table]).doUpdateSet({ reason, by_key: by, at: row.at }),
      )
      .execute();
    await this.#changed();
  }

  async #unmark(table: MarkTable, name: string): Promise<void> {
    await sql`delete from ${sql.table(table)} where ${sql.ref(columns[table])} = ${name}`.execute(
      this.#ports.db,
    );
    await this.#changed();
  }

  async #changed(): Promise<Decided> {
    await this.#ports.policy.reload();
    this.#ports.tellOthers();
    return ok(true);
  }
}
