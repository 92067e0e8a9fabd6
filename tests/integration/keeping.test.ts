/** What was acknowledged stays: restarts, crashes, a second process, a broken database, a rebuild. Embedded and on PostgreSQL. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeJoinRequest, makePutUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { openDatabase } from '#server/db/database.ts';
import { lockFolder } from '#server/db/folder-lock.ts';
import { migrateDown, migrateUp } from '#server/db/migrate.ts';
import { ensureTemplate } from '../../src/launch/template.mjs';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

// Every story starts several databases: on a busy machine that takes a while, and no story is about how long.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const [anna, ben] = [makePerson(), makePerson()];

const MIGRATIONS = [
  '0001-events-and-groups',
  '0002-push-subscriptions',
  '0003-search',
  '0005-statistics',
  '0007-media',
  '0008-names',
];

/** Takes everything back one by one and makes it again. */
const downAndUp = async (db: Parameters<typeof migrateUp>[0]): Promise<void> => {
  for (const migration of MIGRATIONS.toReversed()) expect(await migrateDown(db)).toEqual([migration]);
  expect(await migrateUp(db)).toEqual(MIGRATIONS);
};

/** A place with two members and a line; everything that must be there afterwards. */
const live = async (city: City) => {
  const client = await Client.connect(city.relayUrl);
  const line = ben.sign(makeLine('well', 'remember me'));
  expect(await client.publish(anna.sign(makePlace('well', { restricted: true })))).toEqual([true, '']);
  expect(await client.publish(ben.sign(makeJoinRequest('well')))).toEqual([true, '']);
  expect(await client.publish(line)).toEqual([true, '']);
  const state = await client.find({ kinds: [39000, 39001, 39002, 39003], '#d': ['well'] });
  client.close();
  return { line, state };
};

const expectAlive = async (city: City, { line, state }: Awaited<ReturnType<typeof live>>) => {
  const client = await Client.connect(city.relayUrl);
  expect(await client.find({ ids: [line.id] })).toEqual([line]);
  expect(await client.find({ kinds: [39000, 39001, 39002, 39003], '#d': ['well'] })).toEqual(state);
  expect(await client.publish(ben.sign(makeLine('well', `again ${Math.random()}`)))).toEqual([true, '']);
  expect((await client.publish(makePerson().sign(makeLine('well', 'no'))))[1]).toMatch(/^restricted:/);
  client.close();
};

describe('on the embedded database', () => {
  test('a restart keeps places, people, lines and the city’s key', async () => {
    const dataDir = makeFolder();
    const first = await startTestCity({ dataDir });
    const kept = await live(first);
    await first.close();
    const second = await startTestCity({ dataDir });
    expect(second.pubkey).toBe(first.pubkey);
    await expectAlive(second, kept);
    await second.close();
    rmSync(dataDir, { recursive: true });
  });

  test('dropping every derived table and state event, the moderation events give the same place', async () => {
    const dataDir = makeFolder();
    const city = await startTestCity({ dataDir });
    await live(city);
    await city.close();
    const opened = await openDatabase({ dataDir });
    if (!opened.ok) throw new Error(opened.error.message);
    const shadow = async () => ({
      places: await opened.value.db.selectFrom('groups').selectAll().execute(),
      people: await opened.value.db.selectFrom('group_members').selectAll().orderBy('pubkey').execute(),
    });
    const before = await shadow();
    expect(before.places).toMatchObject([
      { group_id: 'well', geohash: 'u33db', member_count: 2, is_active: true },
    ]);
    expect(before.people.map(({ role }) => role).sort()).toEqual(['admin', 'member']);
    await sql`delete from groups`.execute(opened.value.db);
    await sql`delete from events where kind between 39000 and 39009`.execute(opened.value.db);
    await opened.value.close();

    const again = await startTestCity({ dataDir });
    const client = await Client.connect(again.relayUrl);
    const [members] = await client.find({ kinds: [kinds.GROUP_MEMBERS], '#d': ['well'] });
    expect(members?.tags).toEqual([
      ['d', 'well'],
      ['p', anna.pubkey],
      ['p', ben.pubkey],
    ]);
    const carl = makePerson();
    expect(await client.publish(anna.sign(makePutUser('well', carl.pubkey)))).toEqual([true, '']);
    client.close();
    await again.close();
    rmSync(dataDir, { recursive: true });
  });

  test('a folder serves one server at a time, whoever asks', async () => {
    const dataDir = makeFolder();
    const city = await startTestCity({ dataDir });
    await expect(startTestCity({ dataDir })).rejects.toThrow(/in use by another server/);
    await city.close();
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    writeFileSync(join(dataDir, 'server.lock'), `${other.pid} \n`);
    expect(lockFolder(dataDir)).toMatchObject({ ok: false, error: { code: 'locked' } });
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    const locked = lockFolder(dataDir);
    expect(locked.ok).toBe(true);
    if (locked.ok) locked.value();
    expect(existsSync(join(dataDir, 'server.lock'))).toBe(false);
    rmSync(dataDir, { recursive: true });
  });

  test('a busy port and an unwritable folder get one sentence', async () => {
    const city = await startTestCity();
    const busy = startTestCity({ environment: { PORT: String(city.port) } });
    await expect(busy).rejects.toThrow(`Port ${city.port} is already in use`);
    await city.close();
    const folder = makeFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(startTestCity({ dataDir: join(folder, 'file', 'data') })).rejects.toThrow(/cannot be made/);
    await expect(startTestCity({ dataDir: '/proc/nothing' })).rejects.toThrow(/cannot be made/);
    rmSync(folder, { recursive: true });
  });

  test('stopping in the middle of a crowd: every line that was acknowledged is there', async () => {
    const dataDir = makeFolder();
    const city = await startTestCity({ dataDir });
    const client = await Client.connect(city.relayUrl);
    const lines = Array.from({ length: 60 }, (_, i) =>
      anna.sign({ kind: 1, tags: [], content: `line ${i}` }),
    );
    const acknowledged = new Set<string>();
    client.socket.on('message', (data) => {
      const [type, id, accepted] = JSON.parse(String(data)) as [string, string, boolean];
      if (type === 'OK' && accepted) acknowledged.add(id);
    });
    const gone = client.closed();
    for (const line of lines) client.raw(JSON.stringify(['EVENT', line]));
    await client.later(([type]) => type === 'OK');
    await city.close();
    await gone;
    const again = await startTestCity({ dataDir });
    const reader = await Client.connect(again.relayUrl);
    const stored = await reader.find({ authors: [anna.pubkey], kinds: [1] });
    const ids = new Set(stored.map((event) => event.id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(0);
    reader.close();
    await again.close();
    rmSync(dataDir, { recursive: true });
  });
});

describe('on PostgreSQL', () => {
  let postgres: TestPostgres | undefined;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    if (!postgres)
      console.warn('SKIPPED: there is no PostgreSQL on this machine; the same schema was not tried on it.');
  });
  afterAll(async () => {
    await postgres?.close();
  });

  test('the same city: live, restarted, no other city beside it, down and up again', async (story) => {
    if (!postgres) return story.skip('no PostgreSQL on this machine');
    const environment = { DATABASE_URL: postgres.url };
    const dataDir = makeFolder();
    const first = await startTestCity({ environment, dataDir });
    const kept = await live(first);
    await expect(startTestCity({ environment })).rejects.toThrow(/in use by another city/);
    await first.close();
    const second = await startTestCity({ environment, dataDir });
    await expectAlive(second, kept);
    await second.close();
    const opened = await openDatabase({ databaseUrl: postgres.url });
    if (!opened.ok) throw new Error(opened.error.message);
    await downAndUp(opened.value.db);
    await opened.value.close();
    rmSync(dataDir, { recursive: true });
  });

  test('a locked table: the writer hears `error`, nothing is lost, the city goes on', async (story) => {
    if (!postgres) return story.skip('no PostgreSQL on this machine');
    const city = await startTestCity({ environment: { DATABASE_URL: postgres.url } });
    const client = await Client.connect(city.relayUrl);
    const pg = await import('pg');
    const intruder = new pg.default.Client({ connectionString: postgres.url });
    await intruder.connect();
    await intruder.query('alter table events rename to events_away');
    const line = anna.sign({ kind: 1, tags: [], content: 'try again' });
    expect(await client.publish(line)).toEqual([
      false,
      'error: the city could not store this just now; try again',
    ]);
    await expect(client.find({ kinds: [1] })).rejects.toThrow(/^error:/);
    await intruder.query('alter table events_away rename to events');
    await intruder.end();
    expect(await client.publish(line)).toEqual([true, '']);
    client.close();
    await city.close();
  });
});

test('migrations go down and up on the embedded database too', async () => {
  const opened = await openDatabase({ template: await ensureTemplate() });
  if (!opened.ok) throw new Error(opened.error.message);
  const { db, close } = opened.value;
  expect(await migrateUp(db)).toEqual(MIGRATIONS);
  expect(await migrateUp(db)).toEqual([]);
  await downAndUp(db);
  await close();
});
