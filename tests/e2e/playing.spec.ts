/** A sealed film between two people: it plays while it arrives, in any part, and is saved whole or not at all. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { framesOf, makeLongFilm } from './long-film.ts';
import { arrive, PHONE } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, keyOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
let film: Buffer;
let line: Locator;
let blob: string;
/** The parts of the sealed film that the reader's browser asked for, by its service worker. */
const asked: string[] = [];

/** The largest file that the city stores. */
const largestBlob = async (): Promise<string> => {
  const entries = await readdir(city.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /^[0-9a-f]{64}/.test(entry.name));
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(paths.map(async (path) => (await readFile(path)).length));
  return paths[sizes.indexOf(Math.max(...sizes))] ?? '';
};

const video = () => line.locator('video');
const playedTo = () => video().evaluate((one: HTMLVideoElement) => one.currentTime);
const lastByte = async () => String((await readFile(blob)).length - 1);

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  film = await makeLongFilm(320);
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url, PHONE);
  for (const person of [ada, ben]) await joinCity(person);
  const keys = [await keyOf(ada), await keyOf(ben)];
  ben.context.on('request', (request) => {
    const range = request.headers()['range'];
    if (range !== undefined && /\/[0-9a-f]{64}/.test(request.url())) asked.push(range);
  });
  await ada.page.goto(`${city.url}/messages/${keys[1]}`);
  await ada.page
    .locator('input[data-attach]')
    .setInputFiles({ name: 'harbour.webm', mimeType: 'video/webm', buffer: film });
  await expect(ada.page.getByText(/Sealed for Ben Okafor before it leaves/)).toBeVisible();
  await ada.page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(ada.page.locator('article[data-line] .film')).toBeVisible({ timeout: 60_000 });
  await ben.page.goto(`${city.url}/messages/${keys[0]}`);
  line = ben.page.locator('article[data-line]').filter({ has: ben.page.locator('.film') });
  await expect(line).toBeVisible();
  blob = await largestBlob();
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

test('its length is known before its bytes, and it plays before its end was asked for', async () => {
  await expect(line.getByText('10:39 · 20 MB')).toBeVisible();
  const before = await line.locator('.film').boundingBox();
  await line.getByRole('button', { name: 'Play: harbour.webm' }).click();
  await expect.poll(playedTo).toBeGreaterThan(0.2);
  expect(asked[0]).toMatch(/^bytes=0-/);
  const end = await lastByte();
  expect(asked.filter((range) => range.endsWith(`-${end}`))).toEqual([]);
  expect(await video().getAttribute('src')).toMatch(/^\/api\/file\/[0-9a-f]{32}$/);
  expect(await line.locator('.film').boundingBox()).toEqual(before);
});

test('it goes on from another place, and after its service worker was ended', async () => {
  const seek = (to: number) =>
    video().evaluate((one: HTMLVideoElement, seconds) => void (one.currentTime = seconds), to);
  await seek(400);
  await expect.poll(playedTo).toBeGreaterThan(400.2);
  const session = await ben.context.newCDPSession(ben.page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  const before = asked.length;
  await seek(600);
  await expect.poll(playedTo).toBeGreaterThan(600.2);
  expect(asked.length).toBeGreaterThan(before);
});

test('it is saved whole, by the name that it was sent under', async () => {
  const coming = ben.page.waitForEvent('download');
  await line.getByRole('button', { name: 'Save harbour.webm' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('harbour.webm');
  expect(await download.failure()).toBeNull();
  const saved = await readFile(await download.path());
  expect(await framesOf(saved)).toBe(await framesOf(film));
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});

test('with one bit changed at its end nothing whole is saved, and it is said', async () => {
  const bytes = await readFile(blob);
  const hash = createHash('sha256').update(bytes).digest('hex');
  expect(blob).toContain(hash);
  bytes[bytes.length - 99] = (bytes[bytes.length - 99] ?? 0) ^ 1;
  await writeFile(blob, bytes);
  const coming = ben.page.waitForEvent('download');
  await line.getByRole('button', { name: 'Save harbour.webm' }).click();
  expect(await (await coming).failure()).not.toBeNull();
  await expect(line.getByText('What came is not what was sent, so nothing was saved.')).toBeVisible();
  await expect(line.getByRole('button', { name: 'Save harbour.webm' })).toBeVisible();
});
