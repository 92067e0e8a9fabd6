/** Every step of the schema can be taken back and taken again, with data in it, on both databases and by two at once. */
import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrateDown, migrateTo, migrateUp, migrationSteps, schemaOf } from '#server/db/migrate.ts';
import type { Database } from '#server/db/database.ts';
import { openCityData } from '#server/operations/city-data.ts';
import { contentsOf, fillCity } from '../support/full-city.ts';
import { runProgram } from '../support/commands.ts';
import { openServer, tableNames } from '#server/operations/databases.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let postgres: TestPostgres | undefined;
beforeAll(async () => {
  postgres = await startTestPostgres();
  if (!postgres)
    console.warn(
      'There is no PostgreSQL on this machine: migrations were tried on the embedded database only.',
    );
});
afterAll(() => postgres?.close());

const kysely = ['kysely_migration', 'kysely_migration_lock'];

/** Down one by one to nothing and up one by one: each step finds what the one before left. */
const thereAndBack = async (db: Database): Promise<void> => {
  const names = (await migrationSteps(db)).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1);
  const shape = await tableNames(db);
  const events = (await contentsOf(db))['events'] ?? [];
  expect(events.length).toBeGreaterThan(20);
  // The middle: what the first step keeps is kept while the later ones go and come.
  const [first = ''] = names;
  await migrateTo(db, first);
  expect(await schemaOf(db)).toBe(first);
  const count = await sql<{ n: number }>`select count(*)::int as n from events`.execute(db);
  expect(count.rows[0]?.n).toBe(events.length);
  expect(await migrateUp(db)).toEqual(names.slice(1));
  expect((await contentsOf(db))['events']).toEqual(events);
  for (const name of names.toReversed()) expect(await migrateDown(db)).toEqual([name]);
  expect(await migrateDown(db)).toEqual([]);
  expect(await tableNames(db)).toEqual(kysely);
  expect(await schemaOf(db)).toBeUndefined();
  for (const name of names) expect(await migrateTo(db, name)).toEqual([name]);
  expect(await tableNames(db)).toEqual(shape);
};

test('embedded: filled, down to nothing, up again, and a city lives on it; the command tells', async () => {
  const dataDir = makeFolder();
  const city = await startTestCity({ dataDir });
  await fillCity(city, 4);
  await city.close();
  const opened = await openCityData({ dataDir });
  if (!opened.ok) throw new Error(opened.error.message);
  await thereAndBack(opened.value.db);
  const steps = await migrationSteps(opened.value.db);
  await opened.value.close();
  const environment = { DATA_DIR: dataDir };
  const last = steps.at(-1)?.name ?? '';
  expect((await runProgram('migrate', environment, ['down'])).output).toBe(`down: ${last}\n`);
  expect((await runProgram('migrate', environment, ['status'])).output.trimEnd().split('\n')).toEqual(
    steps.map(({ name }) => `${name === last ? 'pending' : 'taken  '} ${name}`),
  );
  expect((await runProgram('migrate', environment, ['sideways'])).output).toMatch(/^Say `npm run migrate/);
  const again = await startTestCity({ dataDir });
  await fillCity(again, 2);
  await again.close();
  rmSync(dataDir, { recursive: true });
});

test('PostgreSQL: the same; and two that start at once take each step once', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const [one, other] = await Promise.all([openServer(postgres.url), openServer(postgres.url)]);
  if (!one.ok || !other.ok) throw new Error('the database does not answer');
  const ran = await Promise.all([migrateUp(one.value.db), migrateUp(other.value.db)]);
  const names = (await migrationSteps(one.value.db)).map(({ name }) => name);
  expect(ran.flat()).toEqual(names);
  await other.value.close();
  const city = await startTestCity({ environment: { DATABASE_URL: postgres.url } });
  await fillCity(city, 4);
  await city.close();
  await thereAndBack(one.value.db);
  await one.value.close();
});
