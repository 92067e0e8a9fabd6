/** How long files live and who may end them, on both databases: expiry, operators, vanishing, many at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { City } from '#server/city.ts';
import { makeVanish } from '#protocol/relay/vanish.ts';
import * as kinds from '#protocol/kinds.ts';
import { Client, makePerson } from '../support/client.ts';
import {
  codeOf,
  deleteFile,
  descriptorOf,
  listFiles,
  makeNoise,
  makePicture,
  putFile,
  sha256,
  tokenOf,
} from '../support/media-api.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

const HOUR = 3600;
const operator = makePerson();

describe.each(['embedded', 'PostgreSQL'])('%s', (ground) => {
  let postgres: TestPostgres | undefined;
  let city: City | undefined;
  let second: City | undefined;
  let ahead = 0;
  const dataDir = makeFolder();
  const clock = { now: () => Math.floor(Date.now() / 1000) + ahead };
  const pathOf = (hash: string): string => join(dataDir, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash);
  const here = (): City => {
    if (!city) throw new Error('no city');
    return city;
  };

  beforeAll(async () => {
    if (ground === 'PostgreSQL') {
      postgres = await startTestPostgres();
      if (!postgres) return console.warn('SKIPPED: there is no PostgreSQL on this machine.');
    }
    const environment = {
      ADMIN_PUBKEYS: operator.pubkey,
      MEDIA_QUOTA: '3 MB',
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
    };
    city = await startTestCity({ dataDir, environment, clock });
    if (postgres) second = await startTestCity({ dataDir, environment, clock });
  }, 30_000);
  afterAll(async () => {
    await second?.close();
    await city?.close();
    await postgres?.close();
  });

  const get = (hash: string, from = here()): Promise<Response> => fetch(new URL(`/${hash}`, from.url));

  test('a file that was to stay for an hour is gone for good after it, and may come again', async (story) => {
    if (!city) return story.skip();
    const [anna, ben, picture] = [makePerson(), makePerson(), makePicture()];
    const hash = sha256(picture);
    const soon = { headers: { 'x-expiration': String(clock.now() + HOUR) } };
    const stored = await putFile(city.url, anna, picture, soon);
    expect((await descriptorOf(stored)).expires).toBe(Number(soon.headers['x-expiration']));
    const got = await get(hash);
    expect(got.headers.get('sunset')).toBeTruthy();
    expect(Number(/max-age=(\d+)/.exec(got.headers.get('cache-control') ?? '')?.[1])).toBeLessThanOrEqual(
      HOUR,
    );
    ahead += HOUR + 1;
    const over = await get(hash);
    expect([over.status, await codeOf(over)]).toEqual([410, 'gone']);
    await city.tend();
    expect((await get(hash)).status).toBe(410);
    expect(existsSync(pathOf(hash))).toBe(false);
    const authorization = tokenOf(ben, 'upload', { hashes: [hash], expiration: clock.now() + 300 });
    expect((await putFile(city.url, ben, picture, { headers: { authorization } })).status).toBe(201);
    expect((await get(hash)).status).toBe(200);
    for (const bad of ['1000', 'soon', String(clock.now() + 1e10)]) {
      const answer = await putFile(city.url, ben, picture, {
        headers: { authorization, 'x-expiration': bad },
      });
      expect(answer.status).toBe(400);
    }
    ahead = 0;
  });

  test('of two ends the later one counts, and no end is the latest', async (story) => {
    if (!city) return story.skip();
    const [anna, picture] = [makePerson(), makeNoise()];
    const type = { 'content-type': 'application/octet-stream' };
    const until = (seconds: number) => ({
      headers: { ...type, 'x-expiration': String(clock.now() + seconds) },
    });
    await putFile(city.url, anna, picture, until(HOUR));
    const longer = await descriptorOf(await putFile(city.url, anna, picture, until(2 * HOUR)));
    expect(longer.expires).toBeGreaterThan(clock.now() + HOUR);
    expect((await descriptorOf(await putFile(city.url, anna, picture, until(60)))).expires).toBe(
      longer.expires,
    );
    const kept = await descriptorOf(await putFile(city.url, anna, picture, { headers: type }));
    expect(kept.expires).toBeUndefined();
  });

  test('an operator takes a file from everybody, and it is not taken again', async (story) => {
    if (!city) return story.skip();
    const [anna, picture] = [makePerson(), makePicture()];
    const hash = sha256(picture);
    await putFile(city.url, anna, picture);
    expect((await deleteFile(city.url, anna, hash, '?everybody=1')).status).toBe(403);
    expect((await deleteFile(city.url, operator, hash, '?everybody=1')).status).toBe(204);
    expect((await get(hash)).status).toBe(410);
    expect(existsSync(pathOf(hash))).toBe(false);
    const again = await putFile(city.url, makePerson(), picture);
    expect([again.status, await codeOf(again)]).toEqual([403, 'removed']);
    expect(existsSync(pathOf(hash))).toBe(false);
  });

  test('who vanishes takes their files along, not those that others have too', async (story) => {
    if (!city) return story.skip();
    const [anna, ben, own, both] = [makePerson(), makePerson(), makePicture(), makePicture()];
    await putFile(city.url, anna, own);
    await putFile(city.url, anna, both);
    await putFile(city.url, ben, both);
    const client = await Client.connect(city.relayUrl);
    const later = clock.now() + 1;
    await vi.waitFor(() => expect(clock.now()).toBeGreaterThan(later), { timeout: 4000 });
    expect(await client.publish(anna.sign(makeVanish([city.relayUrl])))).toEqual([true, '']);
    await vi.waitFor(async () => expect((await get(sha256(own))).status).toBe(404), { timeout: 8000 });
    expect(existsSync(pathOf(sha256(own)))).toBe(false);
    expect((await get(sha256(both))).status).toBe(200);
    client.close();
  });

  test('many who store and delete the same bytes at once end with what the last one did', async (story) => {
    if (!city) return story.skip();
    const picture = makePicture(20_000);
    const hash = sha256(picture);
    const people = Array.from({ length: 8 }, () => makePerson());
    const urls = [city.url, (second ?? city).url];
    await Promise.all(
      people.map(async (person, i) => {
        for (let round = 0; round < 4; round++) {
          const url = urls[(i + round) % 2] ?? '';
          expect([200, 201]).toContain((await putFile(url, person, picture)).status);
          const got = await fetch(new URL(`/${hash}?${i}-${round}`, url), { cache: 'no-store' });
          expect(got.status).toBe(200);
          expect(Buffer.from(await got.arrayBuffer()).equals(picture)).toBe(true);
          if (i > 0 || round < 3) expect((await deleteFile(url, person, hash)).status).toBe(204);
        }
      }),
    );
    expect(existsSync(pathOf(hash))).toBe(true);
    const [first] = people;
    if (first) await deleteFile(city.url, first, hash);
    expect(existsSync(pathOf(hash))).toBe(false);
  });

  test('many files at once do not get past the quota', async (story) => {
    if (!city) return story.skip();
    const anna = makePerson();
    const urls = [city.url, (second ?? city).url];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => putFile(urls[i % 2] ?? '', anna, makePicture(900_000))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 429, 429, 429]);
  });

  test('a banned key stores nothing, and a report is kept where operators look', async (story) => {
    if (!city) return story.skip();
    const [anna, mallory, picture] = [makePerson(), makePerson(), makePicture()];
    await putFile(city.url, mallory, picture);
    const report = anna.sign({
      kind: kinds.REPORT,
      content: 'look at that',
      tags: [
        ['x', sha256(picture), 'nudity'],
        ['p', mallory.pubkey, 'nudity'],
      ],
    });
    const send = (value: unknown): Promise<Response> =>
      fetch(new URL('/report', here().url), { method: 'PUT', body: JSON.stringify(value) });
    expect((await send(report)).status).toBe(204);
    expect(await city.count({ kinds: [kinds.REPORT], ids: [report.id] })).toBe(1);
    expect((await send({ ...report, content: 'else' })).status).toBe(400);
    expect((await send(anna.sign({ kind: kinds.REPORT, content: '', tags: [] }))).status).toBe(400);
    expect((await send('x')).status).toBe(400);
  });

  test('the numbers say how much is kept, and nothing of whom', async (story) => {
    if (!city) return story.skip();
    const text = await (await fetch(new URL('/metrics', city.url))).text();
    expect(Number(/^city_files (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    expect(Number(/^city_file_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(1000);
    expect(Number(/^city_file_bytes_given_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(1000);
    expect(text).not.toMatch(/[0-9a-f]{64}/);
    expect((await listFiles(city.url, operator)).status).toBe(200);
  });
});
