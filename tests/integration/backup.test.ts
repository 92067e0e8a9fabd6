/** A whole city in a file and back, from either database into either; what is wrong with a file is told before anything stays. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openCityData } from '#server/operations/city-data.ts';
import type { CityData } from '#server/operations/city-data.ts';
import { writeBackup } from '#server/operations/backup.ts';
import { restoreBackup } from '#server/operations/restore.ts';
import { ensureTemplate } from '../../src/launch/template.mjs';
import { contentsOf, expectSameCity, fillCity } from '../support/full-city.ts';
import type { FullCity } from '../support/full-city.ts';
import { runProgram, startProgram } from '../support/commands.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folder = makeFolder();
const file = join(folder, 'city.backup');
const home = join(folder, 'home');
let full: FullCity;
let postgres: TestPostgres | undefined;

const openData = async (dataDir: string, databaseUrl?: string): Promise<CityData> => {
  const opened = await openCityData(
    { dataDir, ...(databaseUrl ? { databaseUrl } : {}) },
    { template: await ensureTemplate() },
  );
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
};

beforeAll(async () => {
  postgres = await startTestPostgres();
  if (!postgres)
    console.warn('There is no PostgreSQL on this machine: backups were tried on the embedded database only.');
  mkdirSync(home);
  const city = await startTestCity({ dataDir: home });
  full = await fillCity(city);
  await city.close();
});
afterAll(async () => {
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the command writes a stopped city into one file, and nobody else may read it', async () => {
  expect(await runProgram('backup', { DATA_DIR: home }, [file, '--with-keys'])).toMatchObject({
    code: 0,
    output: expect.stringMatching(/holds \d+ events, root [0-9a-f]{64}[^]*secret keys too/) as unknown,
  });
  expect(readdirSync(folder).sort()).toEqual(['city.backup', 'home']);
  expect((await runProgram('backup', { DATA_DIR: home }, [file])).output).toMatch(/is there already/);
  expect((await runProgram('backup', { DATA_DIR: join(folder, 'nothing') }, [`${file}2`])).output).toMatch(
    /There is no city in/,
  );
  expect(existsSync(join(folder, 'nothing'))).toBe(false);
});

test('the command restores it as the same city, keys and all, once', async () => {
  const again = join(folder, 'again');
  const environment = { DATA_DIR: again };
  expect(await runProgram('restore', environment, [file])).toMatchObject({ code: 0 });
  expect(readFileSync(join(again, 'city-secret-key'))).toEqual(readFileSync(join(home, 'city-secret-key')));
  const [before, after] = [await openData(home), await openData(again)];
  expect(await contentsOf(after.db)).toEqual(await contentsOf(before.db));
  await before.close();
  await after.close();
  expect((await runProgram('restore', environment, [file])).output).toMatch(/not empty/);
  const city = await startTestCity({ dataDir: again });
  await expectSameCity(city, full);
  await city.close();
});

test('a running embedded city is not backed up behind its back', async () => {
  const city = await startTestCity({ dataDir: home });
  expect(await runProgram('backup', { DATA_DIR: home }, [join(folder, 'no')])).toMatchObject({
    code: 1,
    output: expect.stringMatching(/in use by another server/) as unknown,
  });
  expect(existsSync(join(folder, 'no'))).toBe(false);
  await city.close();
});

describe('a file that is not what it says', () => {
  const lines = () => gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  /** The file with other lines, and an end that fits them. */
  const forged = (change: (lines: string[]) => string[]): Buffer => {
    const changed = change(lines());
    const body = changed
      .slice(0, -1)
      .map((line) => `${line}\n`)
      .join('');
    const [name, end] = JSON.parse(changed.at(-1) ?? '') as [string, Record<string, unknown>];
    const digest = createHash('sha256').update(body).digest('hex');
    return gzipSync(`${body}${JSON.stringify([name, { ...end, digest }])}\n`);
  };
  const withLine =
    (find: (line: string) => boolean, change: (line: string) => string[]) => (all: string[]) => {
      const at = all.findIndex(find);
      expect(at).toBeGreaterThan(0);
      return all.toSpliced(at, 1, ...change(all[at] ?? ''));
    };
  const aNote = (line: string): boolean => line.startsWith('{"id":') && line.includes('"content":"line 7"');
  const rewritten = (change: (row: Record<string, unknown>) => void) =>
    forged(
      withLine(aNote, (line) => {
        const row = JSON.parse(line) as Record<string, unknown>;
        change(row);
        return [JSON.stringify(row)];
      }),
    );
  const zeros = '0'.repeat(128);
  const cases: readonly (readonly [string, () => Buffer, RegExp])[] = [
    ['empty', () => Buffer.alloc(0), /cut: its end is missing/],
    ['no gzip', () => Buffer.from('hello'), /no backup of a city/],
    ['another gzip', () => gzipSync('{"hello":1}\n'), /no backup of a city/],
    ['another list', () => gzipSync('["backup",{"format":"x"}]\n'), /no backup of a city/],
    ['cut in half', () => readFileSync(file).subarray(0, readFileSync(file).length / 2), /is cut/],
    ['without its last byte', () => readFileSync(file).subarray(0, -1), /is cut/],
    ['without its last line', () => gzipSync(`${lines().slice(0, -1).join('\n')}\n`), /is cut/],
    [
      'a changed letter',
      () => gzipSync(`${lines().join('\n').replace('line 7', 'lime 7')}\n`),
      /was changed|not what its id says/,
    ],
    ['a changed event', () => rewritten((row) => (row['content'] = 'other')), /not what its id says/],
    [
      'an event in another place',
      () => rewritten((row) => (row['group_id'] = 'elsewhere')),
      /not what its id says/,
    ],
    ['a forged signature', () => rewritten((row) => (row['sig'] = zeros)), /signature/],
    ['a line less', () => forged(withLine(aNote, () => [])), /does not hold what its end says/],
    [
      'an unknown table',
      () => forged((all) => all.toSpliced(1, 0, '["table","secrets",["a"]]')),
      /does not know: secrets/,
    ],
    ['a line of nonsense', () => forged((all) => all.toSpliced(3, 0, '[1,2')), /cannot be read/],
    [
      'something after the end',
      () => gzipSync(`${lines().join('\n')}\n["sequences",{}]\n`),
      /follows its end/,
    ],
    [
      'of a newer version',
      () =>
        forged((all) => [
          (all[0] ?? '').replace(/"schema":"[^"]*"/, '"schema":"9999-later"'),
          ...all.slice(1),
        ]),
      /newer version/,
    ],
  ];

  test('is refused in words, and nothing of it stays', async () => {
    const data = await openData(join(folder, 'strict'));
    for (const [name, bytes, words] of cases) {
      const bad = join(folder, 'bad');
      writeFileSync(bad, bytes());
      const restored = await restoreBackup(data.db, bad);
      expect([name, restored.ok ? 'restored' : restored.error.message]).toEqual([
        name,
        expect.stringMatching(words),
      ]);
    }
    expect(Object.values(await contentsOf(data.db)).flat()).toEqual([]);
    expect(await restoreBackup(data.db, file)).toMatchObject({ ok: true });
    await data.close();
  });

  test('flipped bits anywhere are seen', async () => {
    const data = await openData(join(folder, 'flipped'));
    const good = readFileSync(file);
    for (let i = 1; i <= 6; i++) {
      const bytes = Buffer.from(good);
      const at = Math.floor((good.length * i) / 7);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (i % 8));
      writeFileSync(join(folder, 'bad'), bytes);
      expect([at, (await restoreBackup(data.db, join(folder, 'bad'))).ok]).toEqual([at, false]);
    }
    expect(Object.values(await contentsOf(data.db)).flat()).toEqual([]);
    await data.abandon();
    expect(existsSync(join(folder, 'flipped', 'pglite'))).toBe(false);
  });

  test('the command leaves no half city behind, and keeps a key that is not the file’s', async () => {
    const place = join(folder, 'keyed');
    mkdirSync(place);
    writeFileSync(join(place, 'city-secret-key'), `${'1'.repeat(64)}\n`);
    expect((await runProgram('restore', { DATA_DIR: place }, [file])).output).toMatch(
      /holds another city-secret-key/,
    );
    writeFileSync(join(folder, 'bad'), 'x');
    expect((await runProgram('restore', { DATA_DIR: place }, [join(folder, 'bad')])).code).toBe(1);
    expect(readdirSync(place)).toEqual(['city-secret-key']);
  });
});

test('stopped by Ctrl-C, the command leaves nothing', async () => {
  const stopped = join(folder, 'stopped.backup');
  const program = await startProgram('backup', { DATA_DIR: home }, [stopped]);
  await new Promise((resolve) => setTimeout(resolve, 700));
  program.child.kill('SIGINT');
  const { code } = await program.ended;
  if (code !== 0) expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
});

test('where nothing can be written, or when it is told to stop: said so, and no half file stays', async () => {
  const data = await openData(home);
  const now = 1;
  expect(await writeBackup(data.db, '/proc/nowhere/city', { now })).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(/could not be written/) as unknown },
  });
  const stopping = new AbortController();
  stopping.abort();
  expect(await writeBackup(data.db, join(folder, 'aborted'), { now, signal: stopping.signal })).toMatchObject(
    {
      error: { message: 'Stopped; no backup was written.' },
    },
  );
  expect(readdirSync(folder).filter((name) => name.startsWith('aborted'))).toEqual([]);
  await data.close();
});

test('from the embedded city to PostgreSQL, and from a running PostgreSQL back', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const environment = { DATABASE_URL: postgres.url };
  const there = join(folder, 'there');
  expect(await runProgram('restore', { ...environment, DATA_DIR: there }, [file])).toMatchObject({ code: 0 });
  const city = await startTestCity({ environment, dataDir: there });
  await expectSameCity(city, full);
  const back = join(folder, 'back.backup');
  expect(await runProgram('backup', { ...environment, DATA_DIR: there }, [back])).toMatchObject({ code: 0 });
  const server = await openData(there, postgres.url);
  const [data, ours] = [await openData(join(folder, 'back')), await contentsOf(server.db)];
  expect(await restoreBackup(data.db, back)).toMatchObject({ ok: true });
  const theirs = await contentsOf(data.db);
  expect(theirs).toEqual(ours);
  await city.close();
  await server.close();
  await data.close();
});
