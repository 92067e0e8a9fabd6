/** An embedded city moves to PostgreSQL: all of it, in its order, however often the move is stopped in the middle. */
import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openCityData } from '#server/operations/city-data.ts';
import { openServer, tableNames } from '#server/operations/databases.ts';
import { moveCity } from '#server/operations/move.ts';
import { runProgram, startProgram } from '../support/commands.ts';
import { contentsOf, expectSameCity, fillCity } from '../support/full-city.ts';
import type { FullCity } from '../support/full-city.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const home = makeFolder();
let full: FullCity;
let postgres: TestPostgres | undefined;

const opened = async <T>(
  opening: Promise<{ ok: true; value: T } | { ok: false; error: { message: string } }>,
) => {
  const result = await opening;
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

/** A database of its own on the server. */
const newDatabase = async (name: string): Promise<string> => {
  if (!postgres) throw new Error('no PostgreSQL');
  const server = await opened(openServer(postgres.url));
  await sql`create database ${sql.table(name)}`.execute(server.db);
  await server.close();
  return postgres.url.replace(/\/postgres$/, `/${name}`);
};

beforeAll(async () => {
  postgres = await startTestPostgres();
  if (!postgres) console.warn('SKIPPED: there is no PostgreSQL on this machine to move to.');
  const city = await startTestCity({ dataDir: home });
  full = await fillCity(city);
  await city.close();
  // Lines enough for many chunks, as lines are stored.
  const data = await opened(openCityData({ dataDir: home }));
  await sql`insert into tombstones (target, author, deleted_at)
    select md5(i::text), md5((i * 7)::text), i from generate_series(1, 20000) i`.execute(data.db);
  await data.close();
});
afterAll(async () => {
  await postgres?.close();
  rmSync(home, { recursive: true, force: true });
});

test('the command moves it; with DATABASE_URL it is the same city', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const url = await newDatabase('whole');
  const source = await opened(openCityData({ dataDir: home }));
  const before = await contentsOf(source.db);
  await source.close();
  const moved = await runProgram('move', { DATA_DIR: home }, ['--to', url]);
  expect(moved).toMatchObject({
    code: 0,
    output: expect.stringMatching(/events are on .*root [0-9a-f]{64}/) as unknown,
  });
  const target = await opened(openServer(url));
  expect(await contentsOf(target.db)).toEqual(before);
  expect(await tableNames(target.db)).not.toContain('city_move');
  await target.close();
  expect((await runProgram('move', { DATA_DIR: home }, ['--to', url])).output).toMatch(
    /The target is not empty/,
  );
  const city = await startTestCity({ environment: { DATABASE_URL: url }, dataDir: home });
  await expectSameCity(city, full);
  await city.close();
});

test('killed again and again it goes on, and nothing is twice or missing', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const url = await newDatabase('killed');
  const target = await opened(openServer(url));
  const movedRows = async (): Promise<number> =>
    (await tableNames(target.db)).includes('tombstones')
      ? Number(
          (await sql<{ n: string }>`select count(*)::text as n from tombstones`.execute(target.db)).rows[0]
            ?.n,
        )
      : -1;
  for (const enough of [0, 6_000, 14_000]) {
    const program = await startProgram('move', { DATA_DIR: home }, ['--to', url]);
    while (program.child.exitCode === null && (await movedRows()) < enough)
      await new Promise((resolve) => setTimeout(resolve, 5));
    program.child.kill('SIGKILL');
    await program.ended;
  }
  expect((await tableNames(target.db)).includes('city_move')).toBe(true);
  await expect(startTestCity({ environment: { DATABASE_URL: url }, dataDir: home })).rejects.toThrow(
    /is not finished/,
  );
  expect(await runProgram('move', { DATA_DIR: home }, ['--to', url])).toMatchObject({ code: 0 });
  const source = await opened(openCityData({ dataDir: home }));
  expect(await contentsOf(target.db)).toEqual(await contentsOf(source.db));
  await source.close();
  await target.close();
});

test('a target that is somebody else’s is not touched, nor one of another move', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const url = await newDatabase('foreign');
  const target = await opened(openServer(url));
  await sql`create table letters (text text)`.execute(target.db);
  const source = await opened(openCityData({ dataDir: home }));
  expect(await moveCity(source.db, target.db)).toMatchObject({
    error: { message: expect.stringMatching(/not empty/) as unknown },
  });
  expect(await tableNames(target.db)).toEqual(['letters']);
  await sql`drop table letters`.execute(target.db);
  const stopping = new AbortController();
  const stopped = await moveCity(source.db, target.db, {
    signal: stopping.signal,
    onProgress: () => stopping.abort(),
  });
  expect(stopped).toMatchObject({ error: { message: 'Stopped; the same command goes on from here.' } });
  await sql`update city_move set said = 'another' where name = ' source'`.execute(target.db);
  expect(await moveCity(source.db, target.db)).toMatchObject({
    error: { message: expect.stringMatching(/part of another city/) as unknown },
  });
  await source.close();
  await target.close();
});

test('a target that changed on the way is found out at the end', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const url = await newDatabase('changed');
  const target = await opened(openServer(url));
  const source = await opened(openCityData({ dataDir: home }));
  let touched: Promise<unknown> | undefined;
  const moved = await moveCity(source.db, target.db, {
    onProgress: (rows) => {
      if (rows > 10_000) touched ??= sql`delete from tombstones where deleted_at = 5`.execute(target.db);
    },
  });
  await touched;
  expect(moved).toMatchObject({
    error: { message: expect.stringMatching(/holds \d+ rows of tombstones where/) as unknown },
  });
  await source.close();
  await target.close();
});

test.each([[[]], [['--to']], [['--to', 'mysql://x']], [['postgres://x']], [['--to', 'postgres://x', 'y']]])(
  'the command says how it is used: %j',
  async (args) => {
    expect(await runProgram('move', { DATA_DIR: home }, args)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^Say `npm run move/) as unknown,
    });
  },
);

test('a target that does not answer is one sentence, without its password', async () => {
  const { code, output } = await runProgram('move', { DATA_DIR: home }, [
    '--to',
    'postgres://a:hunter2@127.0.0.1:1/x',
  ]);
  expect(code).toBe(1);
  expect(output).toMatch(/^The database on 127\.0\.0\.1:1 does not answer/);
  expect(output).not.toContain('hunter2');
});
