/** The app as something installed: it opens without a network, keeps what was read and written, and talks to nobody else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, openPlace, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const PLACE = 'Lighthouse Keepers';
let city: CityProcess;
let ada: Person;
let id: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: PLACE, about: 'Somebody is always awake.' });
  await say(ada, 'The lamp is lit');
});

test.afterAll(async () => {
  await ada?.context.close();
  await city?.stop();
});

/** Resolves once the page's requests go through the service worker. */
const controlled = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      );
    return new URL(navigator.serviceWorker.controller?.scriptURL ?? '').pathname;
  });

/** How much of the map is painted in another colour than the commonest, 0–1: next to nothing when all is sea. */
const painted = (page: Page): Promise<number> =>
  page.locator('[data-map-ready]').evaluate((map) => {
    const counts = new Map<number, number>();
    for (const canvas of map.querySelectorAll('canvas')) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
      for (const colour of new Uint32Array(image?.data.buffer ?? new ArrayBuffer()))
        if (colour >>> 24 === 255) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : 1 - Math.max(...counts.values()) / total;
  });

test('after a single visit the map is there without a network', async ({ browser }) => {
  const ben = await arrive(browser, 'Ben Okafor', city.url);
  await expect(ben.page.locator('[data-map-ready]')).toBeAttached();
  expect(await controlled(ben.page)).toBe('/service-worker.js');
  await expect.poll(() => painted(ben.page)).toBeGreaterThan(0.2);
  await ben.context.setOffline(true);
  await ben.page.reload();
  await expect(ben.page.locator('[data-map-ready]')).toBeAttached();
  await expect.poll(() => painted(ben.page)).toBeGreaterThan(0.2);
  await ben.context.close();
});

interface Icon {
  readonly src: string;
  readonly sizes: string;
  readonly purpose?: string;
  readonly type: string;
}

test('the manifest holds, and the browser would install it', async ({ playwright, launchOptions }) => {
  const folder = await mkdtemp(join(tmpdir(), 'city-profile-'));
  const context = await playwright.chromium.launchPersistentContext(folder, launchOptions);
  try {
    const page = await context.newPage();
    await page.goto(city.url);
    await controlled(page);
    const cdp = await context.newCDPSession(page);
    const { url, errors, data } = await cdp.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const manifest = JSON.parse(data ?? '') as {
      name: string;
      start_url: string;
      display: string;
      icons: Icon[];
      shortcuts: { url: string; icons: Icon[] }[];
      display_override: string[];
      share_target: { action: string; method: string; enctype: string; params: Record<string, unknown> };
      protocol_handlers: { protocol: string; url: string }[];
      file_handlers: { action: string; accept: Record<string, string[]> }[];
    };
    expect([manifest.name, manifest.start_url, manifest.display]).toEqual([
      'Synchrono City',
      '/',
      'standalone',
    ]);
    const sizes = manifest.icons.map(({ sizes, purpose = 'any' }) => `${sizes} ${purpose}`);
    expect(sizes).toEqual(
      expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable', '512x512 monochrome']),
    );
    expect(manifest.display_override).toEqual(['window-controls-overlay', 'standalone']);
    expect(manifest.share_target).toEqual({
      action: '/share',
      method: 'POST',
      enctype: 'multipart/form-data',
      params: {
        ...{ title: 'title', text: 'text', url: 'url' },
        files: [{ name: 'files', accept: ['image/*', 'video/*', 'audio/*', 'application/*', 'text/*'] }],
      },
    });
    expect(manifest.protocol_handlers).toEqual([{ protocol: 'web+nostr', url: '/open?uri=%s' }]);
    expect(manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat())).toEqual([
      '.citybackup',
      '.txt',
    ]);
    expect(manifest.shortcuts.map(({ url }) => url)).toEqual(['/', '/new', '/messages']);
    for (const { src, type } of [...manifest.icons, ...manifest.shortcuts.flatMap(({ icons }) => icons)]) {
      const icon = await page.request.get(new URL(src, url).href);
      expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
    }
    for (const shortcut of manifest.shortcuts) {
      await page.goto(new URL(shortcut.url, city.url).href);
      await expect(page.getByText('There is nothing at this address.')).toHaveCount(0);
    }
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a draft outlives a reload', async () => {
  const composer = ada.page.getByRole('textbox', { name: 'Write a line' });
  await composer.pressSequentially('half a thought, and ');
  await ada.page.waitForTimeout(1000); // a draft is kept a moment after the last key
  await ada.page.reload();
  await expect(composer).toHaveValue(/^half a thought, and/);
  await composer.press('End');
  await composer.pressSequentially('the rest');
  await composer.press('Enter');
  await expect(lineOf(ada.page, 'half a thought, and the rest')).toBeVisible();
  await ada.page.waitForTimeout(1000);
  await ada.page.reload();
  await expect(lineOf(ada.page, 'half a thought, and the rest')).toBeVisible();
  await expect(composer).toHaveValue('');
});

test('without city and network it opens with everything that was seen', async () => {
  const { page, context } = ada;
  expect(await controlled(page)).toBe('/service-worker.js');
  await city.pause();
  await context.setOffline(true);
  try {
    await page.reload();
    await expect(page.getByRole('heading', { name: PLACE })).toBeVisible();
    await expect(page.getByText('Somebody is always awake.')).toBeVisible();
    await expect(lineOf(page, 'The lamp is lit')).toContainText('Ada Lind');
    await expect(page.getByText('Offline', { exact: true })).toBeVisible();

    await page.goto(city.url);
    await page.reload();
    await expect(page.locator('[data-map-ready]')).toBeAttached();
    await expect.poll(() => painted(page)).toBeGreaterThan(0.2);
    await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
    await page.getByRole('list', { name: 'Places in view' }).getByRole('button', { name: PLACE }).click();
    await expect(lineOf(page, 'The lamp is lit')).toBeVisible();

    const other = await context.newPage(); // as from the home screen's icon
    await other.goto(`${city.url}/g/${id}`);
    await expect(lineOf(other, 'The lamp is lit')).toBeVisible();
    await other.close();
  } finally {
    await context.setOffline(false);
    await city.restart({ pow: 'test' });
  }
});

test('what is written offline survives a reload, and goes out', async ({ browser }) => {
  const { page, context } = ada;
  await city.pause();
  await context.setOffline(true);
  await say(ada, 'written in the storm');
  await page.reload();
  await expect(lineOf(page, 'written in the storm')).toBeVisible();
  await expect(page.getByText(/one thing waiting/)).toBeVisible();
  await context.setOffline(false);
  await city.restart({ pow: 'test' });
  await expect(page.getByText(/one thing waiting/)).toHaveCount(0, { timeout: 60_000 });
  const ben = await arrive(browser, 'Ben Okafor', `${city.url}/g/${id}`, PHONE);
  await expect(lineOf(ben.page, 'written in the storm')).toBeVisible();
  await ben.context.close();
});

test('a device that was never here says so without a city', async ({ browser }) => {
  const ben = await arrive(browser, 'Ben Okafor', city.url, PHONE);
  await controlled(ben.page);
  await ben.page.evaluate(() => localStorage.clear());
  await city.pause();
  await ben.page.reload();
  await expect(ben.page.getByText('The city does not answer')).toBeVisible();
  await city.restart({ pow: 'test' });
  await ben.page.getByRole('button', { name: 'Try again' }).click();
  await expect(ben.page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await ben.context.close();
});

test('the chosen colours stay', async () => {
  const { page } = ada;
  // Two until the app knows the choice: one for the day, one for the night.
  const paper = () => page.locator('meta[name="theme-color"]').first().getAttribute('content');
  await page.goto(`${city.url}/you/settings`);
  const dark = page.getByRole('radio', { name: /^Dark/ });
  await expect(dark).not.toBeChecked();
  await expect.poll(paper).toMatch(/^rgb/);
  const light = await paper();
  await dark.check({ force: true });
  await expect.poll(paper).not.toBe(light);
  const night = await paper();
  await page.reload();
  await expect(dark).toBeChecked();
  await expect.poll(paper).toBe(night);
  await page.goto(city.url);
  await expect.poll(paper).toBe(night);
});

test('a visit asks nobody but the city; streets are fetched once they were asked for', async ({
  browser,
}) => {
  const ben = await arrive(browser, 'Ben Okafor', 'about:blank');
  const { page, context } = ben;
  const asked = new Set<string>();
  context.on('request', (request) => asked.add(new URL(request.url()).host));
  page.on('websocket', (socket) => asked.add(new URL(socket.url()).host));
  const elsewhere = () => [...asked].filter((host) => host !== '' && host !== `localhost:${city.port}`);
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  await context.route(/openstreetmap/, (route) => route.fulfill({ contentType: 'image/png', body: pixel }));

  await page.goto(city.url);
  await openPlace(ben, PLACE);
  await expect(lineOf(page, 'The lamp is lit')).toBeVisible();
  for (const room of ['Messages', 'You', 'Map'])
    await page.getByRole('link', { name: room, exact: true }).click();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.goto(`${city.url}/you/settings`);
  await expect(page.getByText(/will learn your internet address/)).toContainText(
    'With streets on, tile.openstreetmap.org will learn your internet address and every part of the map that you look at.',
  );
  await page.waitForTimeout(2000);
  expect([...asked]).toContain(`localhost:${city.port}`);
  expect(elsewhere()).toEqual([]);

  await page.getByRole('switch', { name: 'Show streets' }).check({ force: true });
  await expect.poll(elsewhere).toEqual(['tile.openstreetmap.org']);
  await page.getByRole('switch', { name: 'Show streets' }).uncheck({ force: true });
  await page.waitForTimeout(500);
  asked.clear();
  await page.goto(city.url);
  await expect(page.locator('[data-map-ready]')).toBeAttached();
  await page.waitForTimeout(1000);
  expect(elsewhere()).toEqual([]);
  expect(ben.faults).toEqual([]);
  await context.close();
});

test('removing everything leaves nothing behind', async () => {
  const { page } = ada;
  await page.goto(`${city.url}/you/settings`);
  expect(await page.evaluate(() => localStorage.getItem('theme'))).toBe('dark');
  await page.getByRole('button', { name: 'Remove everything' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove everything' }).click();
  await page.waitForURL(`${city.url}/`);
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await page.goto(`${city.url}/you/settings`);
  await expect(page.getByRole('radio', { name: /^As the device has it/ })).toBeChecked();
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await expect(page.getByText('You are looking around.')).toBeVisible();
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
});
