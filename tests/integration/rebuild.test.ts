/** Places follow from their canonical events alone: what is derived from them is thrown away and comes back equal. */
import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { GROUP_PINS } from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { openDatabase } from '#server/db/database.ts';
import type { Database } from '#server/db/database.ts';
import { rebuildTables } from '#server/ledger/rebuild.ts';
import { Client, makePerson } from '../support/client.ts';
import { Chance, makeHistory } from '../support/histories.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 120_000 });

const HISTORIES = 8;

const liveAll = async (city: City): Promise<void> => {
  const client = await Client.connect(city.relayUrl);
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const cast = Array.from({ length: 4 }, makePerson);
    const byKey = new Map(cast.map((person) => [person.pubkey, person]));
    const places = [`r${seed}a`, `r${seed}b`];
    const done: { id: string }[] = [];
    for (const deed of makeHistory(new Chance(seed), { people: [...byKey.keys()], places }, 30)) {
      const event = byKey.get(deed.author)?.sign(deed.draft(done));
      if (event && (await client.publish(event))[0]) done.push(event);
    }
  }
  client.close();
};

/** What the city says of its places, but for when it said so; a list of pins that was emptied need not be said again. */
const said = async (city: City) =>
  (await city.find({ kinds: [39000, 39001, 39002, 39003, 39005], limit: 500 }))
    .filter(({ kind, tags }) => kind !== GROUP_PINS || tags.length > 1)
    .map(({ kind, tags }) => JSON.stringify({ kind, tags }))
    .sort();

const tables = async (db: Database) => {
  const rowsOf = async (table: string, columns: string) =>
    (await sql`select ${sql.raw(columns)} from ${sql.raw(table)} order by 1, 2`.execute(db)).rows;
  return {
    groups: await rowsOf(
      'groups',
      `group_id, name, description, geohash, latitude, longitude, privacy_level, picture, created_by, is_active,
      member_count, created_at, updated_at`,
    ),
    people: await rowsOf('group_members', 'group_id, pubkey, role, joined_at, added_by'),
    metadata: await rowsOf('group_metadata', 'group_id, key, value'),
  };
};

const opened = async (dataDir: string) => {
  const database = await openDatabase({ dataDir });
  if (!database.ok) throw new Error(database.error.message);
  return database.value;
};

test('tables, and what the city says of places, come back equal', async () => {
  const dataDir = makeFolder();
  const first = await startTestCity({ dataDir });
  await liveAll(first);
  const before = await said(first);
  expect(before.length).toBeGreaterThan(HISTORIES);
  await first.close();

  const { db, close } = await opened(dataDir);
  const kept = await tables(db);
  expect(kept.people.length).toBeGreaterThan(HISTORIES);
  await sql`update groups set name = 'wrong', active_call_id = 'call' where group_id = 'r1a'`.execute(db);
  await sql`update group_members set role = 'admin'`.execute(db);
  await rebuildTables(db, 'ws://localhost');
  expect(await tables(db)).toEqual(kept);
  const calls = await sql`select group_id from groups where active_call_id = 'call'`.execute(db);
  expect(calls.rows.length).toBe(
    kept.groups.some((row) => (row as { group_id: string }).group_id === 'r1a') ? 1 : 0,
  );
  for (const table of ['group_metadata', 'group_members', 'groups'])
    await sql`delete from ${sql.raw(table)}`.execute(db);
  await sql`with gone as (delete from events where kind between 39000 and 39009 returning event_id)
    delete from event_tags t using gone where t.event_id = gone.event_id`.execute(db);
  await close();

  const second = await startTestCity({ dataDir });
  expect(await said(second)).toEqual(before);
  await second.close();
  const again = await opened(dataDir);
  expect(await tables(again.db)).toEqual(kept);
  await again.close();
  rmSync(dataDir, { recursive: true, force: true });
});
