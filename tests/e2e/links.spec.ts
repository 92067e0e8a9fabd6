/** Links and files from other apps, and the offer to install: what the operating system does is played by hand. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { naddrEncode, neventEncode, npubEncode, nsecEncode } from 'nostr-tools/nip19';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace, wordsOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const PLACE = 'Lighthouse Keepers';
let city: CityProcess;
let ada: Person;
let id: string;
let relayKey: string;
let line: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: PLACE });
  await say(ada, 'The lamp is lit');
  line = (await lineOf(ada.page, 'The lamp is lit').getAttribute('data-line')) ?? '';
  const told = await fetch(city.url, { headers: { accept: 'application/nostr+json' } });
  relayKey = ((await told.json()) as { self: string }).self;
});

test.afterAll(async () => {
  await ada?.context.close();
  await city?.stop();
});

const follow = (page: Page, uri: string) => page.goto(`${city.url}/open?uri=${encodeURIComponent(uri)}`);

test('a link leads to its person, its place and its line', async () => {
  const { page } = ada;
  const key = 'a'.repeat(64);
  await follow(page, `web+nostr:${npubEncode(key)}`);
  await expect(page).toHaveURL(`${city.url}/people/${key}`);
  const address = naddrEncode({ kind: 39000, pubkey: relayKey, identifier: id, relays: [city.relay] });
  await follow(page, `web+nostr:${address}`);
  await expect(page.getByText(PLACE).first()).toBeVisible();
  await follow(page, `nostr:${neventEncode({ id: line })}`);
  await expect(page).toHaveURL(`${city.url}/g/${id}?line=${line}`);
  await expect(lineOf(page, 'The lamp is lit')).toBeVisible();
});

test('what leads nowhere says so, and stays nowhere', async () => {
  const { page } = ada;
  const secret = nsecEncode(new Uint8Array(32).fill(7));
  await follow(page, `web+nostr:${secret}`);
  await expect(page.getByText('This link holds a secret key')).toBeVisible();
  await expect(page).toHaveURL(`${city.url}/open`);
  expect(await wordsOf(page)).not.toContain(secret);
  for (const uri of [
    'javascript:window.__run=1',
    'https://evil.example/',
    `nostr:nostr:${npubEncode('b'.repeat(64))}`,
  ]) {
    await follow(page, uri);
    await expect(page.getByText('This link leads nowhere')).toBeVisible();
  }
  expect(await page.evaluate(() => '__run' in window)).toBe(false);
  await follow(page, `nostr:${neventEncode({ id: 'c'.repeat(64) })}`);
  await expect(page.getByText('This line is not here')).toBeVisible();
});

/** As the operating system hands a file over. */
const launchWith = (page: Page, name: string, text: string) =>
  page.addInitScript(
    ([fileName, content]) => {
      Object.defineProperty(window, 'launchQueue', {
        value: {
          setConsumer: (consume: (given: unknown) => void) =>
            consume({ files: [{ getFile: () => Promise.resolve(new File([content], fileName)) }] }),
        },
      });
    },
    [name, text] as const,
  );

test('a recovery file opens the way in with it; a backup the place where it is taken in', async ({
  browser,
}) => {
  await ada.page.goto(`${city.url}/you`);
  const saved = ada.page.waitForEvent('download');
  await ada.page.getByRole('button', { name: 'Save the file' }).click();
  const text = await readFile(await (await saved).path(), 'utf8');
  const ben = await arrive(browser, 'Ben Okafor', 'about:blank');
  await launchWith(ben.page, 'recovery.txt', text);
  await ben.page.goto(`${city.url}/open`);
  const dialog = ben.page.getByRole('dialog', { name: 'Join the conversation' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill('seven brass lanterns');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden({ timeout: 60_000 });
  await ben.context.close();

  const eve = await arrive(browser, 'Eve Tan', 'about:blank');
  await launchWith(eve.page, 'synchrono-city.citybackup', 'not really');
  await eve.page.goto(`${city.url}/open`);
  await expect(eve.page).toHaveURL(`${city.url}/you/settings`);
  await expect(eve.page.getByText('synchrono-city.citybackup')).toBeInViewport();
  await eve.context.close();

  const dan = await arrive(browser, 'Dan Roth', 'about:blank');
  await launchWith(dan.page, 'shopping.txt', 'milk');
  await dan.page.goto(`${city.url}/open`);
  await expect(dan.page.getByText('This file is none of the city’s')).toBeVisible();
  await dan.context.close();
});

/** Chromium's own event does not come in a private window. */
const offerPrompt = (page: Page) =>
  page.evaluate(() => {
    const event = new Event('beforeinstallprompt', { cancelable: true });
    Object.assign(event, {
      prompt: () => {
        Object.assign(window, { wasAsked: true });
        return Promise.resolve();
      },
      userChoice: Promise.resolve({ outcome: 'accepted' }),
    });
    window.dispatchEvent(event);
  });

test('installation is offered once somebody has said something, not before, and not again after "not now"', async ({
  browser,
}) => {
  const cleo = await arrive(browser, 'Cleo Brandt', city.url, PHONE);
  const { page } = cleo;
  const card = page.getByRole('region', { name: 'Keep the city close' });
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await offerPrompt(page);
  await page.waitForTimeout(6_000);
  await expect(card).toHaveCount(0);
  await joinCity(cleo);
  await page.waitForTimeout(12_000); // what is read while one arrives is no news
  await page.goto(`${city.url}/g/${id}`);
  await expect(lineOf(page, 'The lamp is lit')).toBeVisible();
  await offerPrompt(page);
  await page.waitForTimeout(18_000);
  await say(cleo, 'I keep one too');
  await expect(card).toBeVisible({ timeout: 20_000 });
  await card.getByRole('button', { name: 'Not now' }).focus();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await page.goto(`${city.url}/you/settings`);
  await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
  await offerPrompt(page);
  await page.getByRole('button', { name: 'Install', exact: true }).click();
  await expect(page.getByText('The city is installed on this device.')).toBeVisible();
  expect(await page.evaluate(() => 'wasAsked' in window)).toBe(true);
  expect(cleo.faults).toEqual([]);
  await cleo.context.close();
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
});
