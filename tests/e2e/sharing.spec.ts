/** Words and pictures that another app shares: they wait on the device, and become a draft where the person says. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { CityProcess } from './city-process.ts';
import { arrive, openPlace, say, signUp } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';
import { storedFiles } from './stored-files.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let cleo: Person;
let id: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: 'Lighthouse Keepers' });
  await makePlace(ada, { name: 'Harbour Swimmers', at: { x: 980, y: 520 } });
  cleo = await arrive(browser, 'Cleo Marsh', city.url);
  await joinCity(cleo);
  await cleo.page.getByRole('link', { name: 'Map', exact: true }).click();
  await openPlace(cleo, 'Lighthouse Keepers');
  await say(cleo, 'Good morning, lights');
  await ada.page.getByRole('link', { name: 'Map', exact: true }).click();
  await openPlace(ada, 'Lighthouse Keepers');
  await expect(ada.page.getByText('Cleo Marsh').first()).toBeVisible();
});

test.afterAll(async () => {
  await ada?.context.close();
  await cleo?.context.close();
  await city?.stop();
});

const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a line' });

const controlled = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      );
  });

/** A photo as a phone makes it: it names its camera and its place. */
const photo = (): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: { r: 200, g: 90, b: 120 } } })
    .withExif({ IFD0: { Make: 'Brass & Sons' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' } })
    .jpeg()
    .toBuffer();

interface Given {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** As the operating system does it: a POST to the manifest's address, answered by the service worker alone. */
const share = async (
  page: Page,
  fields: Record<string, string>,
  files: readonly Given[] = [],
): Promise<void> => {
  await controlled(page);
  const arrived = page.waitForURL(/\/share\/[\w-]+$/);
  await page.evaluate(
    ([values, given]) => {
      const form = document.createElement('form');
      Object.assign(form, { action: '/share', method: 'POST', enctype: 'multipart/form-data' });
      for (const [name, value] of Object.entries(values)) {
        const input = document.createElement('input');
        Object.assign(input, { name, value, type: 'hidden' });
        form.append(input);
      }
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of given)
        transfer.items.add(
          new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type }),
        );
      const input = document.createElement('input');
      Object.assign(input, { name: 'files', type: 'file', multiple: true });
      input.files = transfer.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    [
      fields,
      files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') })),
    ] as const,
  );
  await arrived;
};

const tray = (page: Page) => page.getByRole('region', { name: 'Files to send' });

/** Everything that waits in Cache Storage, as text. */
const lying = (page: Page) =>
  page.evaluate(async () => {
    const cache = await caches.open('shared');
    const bodies = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
    return (await Promise.all(bodies.map((body) => body?.text()))).join(' ');
  });

const waiting = (page: Page) =>
  page.evaluate(async () => (await (await caches.open('shared')).keys()).length);

test('what is shared is shown, a place is found by its letters, and it is a draft there, unsent', async () => {
  const { page } = ada;
  await share(page, { title: 'Dawn', text: 'The sun rises at seven', url: 'https://almanac.example/dawn' });
  await expect(page.getByRole('heading', { name: 'Share in the city' })).toBeVisible();
  await expect(page.getByText('The sun rises at seven')).toBeVisible();
  await expect(page.getByText('A link to almanac.example')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Find a place or a person' }).fill('lighth');
  await expect(page.getByRole('button', { name: /Harbour Swimmers/ })).toHaveCount(0);
  await page
    .getByRole('list', { name: 'My places' })
    .getByRole('button', { name: /Lighthouse/ })
    .click();
  await expect(page).toHaveURL(`${city.url}/g/${id}`);
  await expect(composer(page)).toHaveValue('Dawn\nThe sun rises at seven\nhttps://almanac.example/dawn');
  await expect(page.locator('article[data-line]').filter({ hasText: 'sun rises' })).toHaveCount(0);
  expect(await waiting(page)).toBe(0);
});

test('a draft that stands there is kept: what is shared comes behind it', async () => {
  const { page } = ada;
  await share(page, { text: 'bring a towel' });
  await page.getByRole('button', { name: /Lighthouse/ }).click();
  await expect(composer(page)).toHaveValue(/^Dawn\n[\s\S]*\nbring a towel$/);
  await composer(page).fill('');
  await page.waitForTimeout(800);
});

test('a shared photo lies in the tray of the place that was chosen, loses its camera, and leaves with the words', async () => {
  const { page } = ada;
  const drawing = {
    name: 'plan.svg',
    type: 'image/svg+xml',
    bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  };
  await share(page, { text: 'look' }, [
    { name: 'boat.jpg', type: 'image/jpeg', bytes: await photo() },
    drawing,
  ]);
  await expect(page.getByRole('img', { name: 'Shared picture 1' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Shared files' })).toContainText('plan.svg');
  await page.reload();
  await expect(page.getByRole('img', { name: 'Shared picture 1' })).toBeVisible();
  expect(await lying(page)).not.toMatch(/boat\.jpg|Brass|look/);
  await page.getByRole('button', { name: /Lighthouse/ }).click();
  await expect(tray(page).getByText('Place and camera were taken off')).toBeVisible();
  expect(await waiting(page)).toBe(0);
  await expect(tray(page).getByRole('alert')).toContainText('Save it as PNG');
  await tray(page).getByRole('button', { name: 'Remove plan.svg' }).click();
  await expect(composer(page)).toHaveValue('look');
  await composer(page).press('Enter');
  const line = page.locator('article[data-line]').filter({ hasText: 'look' });
  await expect(line.getByRole('button', { name: /^Picture/ })).toBeVisible();
  const source = line.locator('img').first();
  await expect(source).toBeVisible();
  expect((await storedFiles(city)).some((file) => file.includes('Brass'))).toBe(false);
});

test('files without a word go to a person whose name was typed, into a sealed talk’s tray', async () => {
  const { page } = ada;
  await share(page, {}, [{ name: 'notes.zip', type: 'application/zip', bytes: Buffer.from('PK nothing') }]);
  await page.getByRole('searchbox', { name: 'Find a place or a person' }).fill('cleo');
  await page.getByRole('list', { name: 'People' }).getByRole('button', { name: 'Cleo Marsh' }).click();
  await expect(page).toHaveURL(/\/messages\/[0-9a-f]{64}$/);
  await expect(tray(page).getByRole('listitem')).toContainText('notes.zip');
  await expect(page.getByText(/^Sealed for Cleo Marsh/)).toBeVisible();
  await tray(page).getByRole('button', { name: 'Remove notes.zip' }).click();
});

test('what is not wanted is gone at once', async () => {
  const { page } = ada;
  await share(page, {}, [{ name: 'boat.jpg', type: 'image/jpeg', bytes: await photo() }]);
  expect(await waiting(page)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Don’t share it' }).click();
  await expect(page).toHaveURL(`${city.url}/`);
  expect(await waiting(page)).toBe(0);
});

test('words from elsewhere are words, and an address that nobody kept says so', async () => {
  const { page } = ada;
  await share(page, { title: '<img src=x onerror="window.__run=1">', text: 'javascript:alert(1)', url: '' });
  await expect(page.getByText('<img src=x onerror="window.__run=1">')).toBeVisible();
  await expect(page.getByText(/A link to/)).toHaveCount(0);
  expect(await page.evaluate(() => '__run' in window)).toBe(false);
  await page.goto(`${city.url}/share/nothing-here`);
  await expect(page.getByText('What you shared is no longer here')).toBeVisible();
});

test('without city and network it works the same', async () => {
  const { page, context } = ada;
  await city.pause();
  await context.setOffline(true);
  try {
    await share(page, { text: 'written underground' });
    await page.getByRole('button', { name: /Harbour/ }).click();
    await expect(composer(page)).toHaveValue('written underground');
  } finally {
    await context.setOffline(false);
    await city.restart({ pow: 'test' });
  }
});

test('a visitor’s share waits while they sign up', async ({ browser }) => {
  const ben = await arrive(browser, 'Ben Okafor', city.url);
  await share(ben.page, { text: 'hello from outside' });
  await ben.page.getByRole('button', { name: 'Join the conversation' }).click();
  await signUp(ben);
  await expect(ben.page.getByText('hello from outside')).toBeVisible();
  await ben.page
    .getByRole('list', { name: 'Other places' })
    .getByRole('button', { name: /Lighthouse/ })
    .click();
  await expect(ben.page).toHaveURL(`${city.url}/g/${id}`);
  expect(ben.faults).toEqual([]);
  await ben.context.close();
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
});
