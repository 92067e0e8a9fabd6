/** Words and pictures that another app shares: they wait on the device, and become a draft where the person says. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, signUp } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let id: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: 'Lighthouse Keepers' });
  await makePlace(ada, { name: 'Harbour Swimmers', at: { x: 980, y: 520 } });
});

test.afterAll(async () => {
  await ada?.context.close();
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

/** As the operating system does it: a POST to the manifest's address, answered by the service worker alone. */
const share = async (page: Page, fields: Record<string, string>, picture = false): Promise<void> => {
  await controlled(page);
  const arrived = page.waitForURL(/\/share\/[\w-]+$/);
  await page.evaluate(
    ([values, withPicture]) => {
      const form = document.createElement('form');
      Object.assign(form, { action: '/share', method: 'POST', enctype: 'multipart/form-data' });
      for (const [name, value] of Object.entries(values)) {
        const input = document.createElement('input');
        Object.assign(input, { name, value, type: 'hidden' });
        form.append(input);
      }
      if (withPicture) {
        const pixel = atob(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        );
        const file = new File([Uint8Array.from(pixel, (sign) => sign.charCodeAt(0))], 'a.png', {
          type: 'image/png',
        });
        const given = new DataTransfer();
        given.items.add(file);
        given.items.add(new File(['<svg/>'], 'b.svg', { type: 'image/svg+xml' }));
        const input = document.createElement('input');
        Object.assign(input, { name: 'images', type: 'file', multiple: true });
        input.files = given.files;
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    },
    [fields, picture] as const,
  );
  await arrived;
};

const waiting = (page: Page) =>
  page.evaluate(async () => (await (await caches.open('shared')).keys()).length);

test('what is shared is shown, a place is found by its letters, and it is a draft there, unsent', async () => {
  const { page } = ada;
  await share(page, { title: 'Dawn', text: 'The sun rises at seven', url: 'https://almanac.example/dawn' });
  await expect(page.getByRole('heading', { name: 'Share in the city' })).toBeVisible();
  await expect(page.getByText('The sun rises at seven')).toBeVisible();
  await expect(page.getByText('A link to almanac.example')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Find a place' }).fill('lighth');
  await expect(page.getByRole('button', { name: /Harbour Swimmers/ })).toHaveCount(0);
  await page
    .getByRole('list', { name: 'My places' })
    .getByRole('button', { name: /Lighthouse/ })
    .click();
  await expect(page).toHaveURL(`${city.url}/g/${id}`);
  await expect(composer(page)).toHaveValue('Dawn\nThe sun rises at seven\nhttps://almanac.example/dawn');
  await expect(page.locator('article[data-line]')).toHaveCount(0);
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

test('pictures are shown with an honest word, and what is no picture is refused in words', async () => {
  const { page } = ada;
  await share(page, { text: 'look' }, true);
  await expect(page.getByRole('img', { name: 'Shared picture 1' })).toBeVisible();
  await expect(page.getByText('Pictures can’t be sent here yet.')).toBeVisible();
  await expect(page.getByText(/A file was left out/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('img', { name: 'Shared picture 1' })).toBeVisible();
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
