/** New versions and wrong files: offered to every window, taken by all at once, and never run when they are not what they should be. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';
import { VersionDoor } from './versions.ts';

test.describe.configure({ mode: 'serial' });
/** A window that loads anew beside another one takes its time on a busy machine. */
const patient = expect.configure({ timeout: 60_000 });

let city: CityProcess;
let door: VersionDoor;
let ada: Person;
let other: Page;
let first: string;
let second: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  door = await VersionDoor.before(city.port);
  ada = await arrive(browser, 'Ada Lind', door.url);
  await joinCity(ada);
  first = await makePlace(ada, { name: 'Lighthouse Keepers' });
  second = await makePlace(ada, { name: 'Harbour Swimmers', at: { x: 980, y: 520 } });
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
});

test.afterAll(async () => {
  await ada?.context.close();
  await door?.close();
  await city?.stop();
});

const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a line' });
const offer = (page: Page) => page.getByRole('button', { name: 'Use it now' });

/** Marks a window, so that its loading anew is seen. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isOld: true }));
const isOld = (page: Page) => page.evaluate(() => 'isOld' in window).catch(() => undefined);
const workersOf = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return [registration?.installing, registration?.waiting].map((worker) => worker?.state ?? 'none');
  });
/** The browser's own cache, which may still have the true files. */
const forgetHttpCache = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
};
const lookForVersions = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update().catch(() => undefined);
  });

test('a new version is offered in both windows; taken in one, both are new, with their drafts where they stood', async () => {
  await ada.page.goto(`${door.url}/g/${first}`);
  other = await ada.context.newPage();
  await other.goto(`${door.url}/g/${second}`);
  await composer(other).pressSequentially('swim at dawn?');
  await expect(composer(other)).toHaveValue('swim at dawn?');
  await other.waitForTimeout(10_500); // nobody is in mid-sentence there any more
  await ada.page.bringToFront();
  door.deploy('two');
  await lookForVersions(ada.page);
  await expect(offer(ada.page)).toBeVisible();
  await expect(offer(other)).toBeVisible();
  await Promise.all([mark(ada.page), mark(other)]);
  await composer(ada.page).pressSequentially('half a thought, not yet kept');
  await offer(ada.page).click();
  for (const [page, text, place] of [
    [ada.page, 'half a thought, not yet kept', first],
    [other, 'swim at dawn?', second],
  ] as const) {
    await patient.poll(() => isOld(page)).toBe(false);
    await patient(composer(page)).toHaveValue(text);
    expect(new URL(page.url()).pathname).toBe(`/g/${place}`);
    expect(await workersOf(page)).toEqual(['none', 'none']);
  }
  await Promise.all([mark(ada.page), mark(other)]);
  await ada.page.waitForTimeout(2_000);
  expect([await isOld(ada.page), await isOld(other)]).toEqual([true, true]); // once, not twice
});

test('somebody who writes in another window before one’s eyes is not cut off', async () => {
  door.deploy('three');
  await lookForVersions(ada.page);
  await expect(offer(ada.page)).toBeVisible();
  await composer(other).press('End');
  await composer(other).pressSequentially(' and then tea');
  await offer(ada.page).click();
  await expect(ada.page.getByText('Something is being written in another window.')).toBeVisible();
  expect([await isOld(ada.page), await isOld(other)]).toEqual([true, true]);
  await other.waitForTimeout(10_500);
  await ada.page.getByRole('button', { name: 'Try again' }).click();
  await patient.poll(() => isOld(other)).toBe(false);
  await patient(composer(other)).toHaveValue('swim at dawn? and then tea');
  await patient.poll(() => isOld(ada.page)).toBe(false);
  await other.close();
});

test('a version with a wrong file is not installed, and the old one goes on', async () => {
  const { page } = ada;
  await patient(composer(page)).toBeVisible();
  const script = await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.includes('precache')) ?? '');
    const kept = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    const chosen = kept.find((path) => /\/nodes\/\d.*\.js$/.test(path)) ?? '';
    await cache.delete(chosen, { ignoreSearch: true }); // so that the new version has to fetch it
    return chosen;
  });
  await forgetHttpCache(page);
  door.replaced.set(script, { body: 'window.__poisoned = true', type: 'text/javascript' });
  door.deploy('four, broken');
  await lookForVersions(page);
  await expect.poll(() => workersOf(page)).toEqual(['none', 'none']);
  await page.waitForTimeout(1_000);
  await expect(offer(page)).toHaveCount(0);
  door.replaced.delete(script);
  await page.reload();
  await patient(composer(page)).toBeVisible();
  expect(await page.evaluate(() => '__poisoned' in window)).toBe(false);
});

test('a poisoned script in the cache is not run: the true one is fetched in its stead', async () => {
  const { page, context } = ada;
  const poison = () =>
    page.evaluate(async () => {
      const cache = await caches.open((await caches.keys()).find((name) => name.includes('precache')) ?? '');
      const scripts = (await cache.keys()).filter(({ url }) => /\.js(\?|$)/.test(url));
      for (const request of scripts)
        await cache.put(
          request,
          new Response('window.__poisoned = true', { headers: { 'content-type': 'text/javascript' } }),
        );
      return scripts.length;
    });
  /** A worker that starts anew has served nothing yet. */
  const restartWorker = async () => {
    const session = await context.newCDPSession(page);
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    await session.detach();
  };
  expect(await poison()).toBeGreaterThan(5);
  await restartWorker();
  await page.reload();
  await patient(composer(page)).toBeVisible();
  expect(await page.evaluate(() => '__poisoned' in window)).toBe(false);

  // Without a network the true one cannot be had: then nothing runs, and the first picture says what to do.
  await poison();
  await restartWorker();
  await forgetHttpCache(page);
  door.isShut = true; // the emulated lack of a network does not reach a worker that starts anew
  await page.reload();
  await expect(page.getByText('does not open')).toBeVisible({ timeout: 20_000 });
  expect(await page.evaluate(() => '__poisoned' in window)).toBe(false);
  door.isShut = false;
  await page.reload();
  await patient(composer(page)).toBeVisible();
});

test('nothing was thrown along the way', () => {
  expect(ada.faults.filter((fault) => !/integrity|imported module|dynamically/i.test(fault))).toEqual([]);
});
