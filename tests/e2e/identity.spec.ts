/** An account's life: made, locked, carried in a file, held by an extension, left. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { decrypt } from 'nostr-tools/nip49';
import { npubEncode, nsecEncode } from 'nostr-tools/nip19';
import { generateSecretKey, getPublicKey, verifyEvent } from 'nostr-tools/pure';
import { CityProcess } from './city-process.ts';
import { keptOnDevice } from './kept-here.ts';
import { FakeExtension } from './nip07.ts';
import { arrive, lineOf, openPlace, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { ask } from './relay-client.ts';
import { joinCity, makePlace, wordsOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const PASSPHRASE = 'seven brass lanterns';
const PLACE = 'Night Bakers';
let city: CityProcess;
let ada: Person;
let ben: Person;
let recoveryFile: string;
let adaKey: string;
let place: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url);
  await joinCity(ben);
  place = await makePlace(ben, { name: PLACE, access: /Members write, anyone may join/ });
  await say(ben, 'Bread at four');
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

const openYou = (page: Page) => page.getByRole('link', { name: 'You', exact: true }).click();

/** The public key that the account's page names under Advanced. */
const shownKey = async (page: Page): Promise<string> => {
  const key = page.getByText(/^[0-9a-f]{64}$/);
  if (!(await key.isVisible())) await page.getByText('Advanced', { exact: true }).click();
  return key.innerText();
};

const wayIn = async (page: Page) => {
  await openYou(page);
  await page.getByRole('button', { name: 'Join the conversation' }).click();
  return page.getByRole('dialog', { name: 'Join the conversation' });
};

test('a new account is handed over as a file that opens with its passphrase only', async () => {
  const { page } = ada;
  const dialog = await wayIn(page);
  await dialog.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(dialog.getByText('A name has 3 to 50 characters.')).toBeVisible();
  await expect(dialog.getByText('Use at least 8 characters.', { exact: true })).toBeVisible();
  await dialog.getByLabel('Your name').fill('Ada Lind');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Join', exact: true }).click();
  const offer = page.getByRole('dialog', { name: 'Save your recovery file' });
  const saved = page.waitForEvent('download');
  await offer.getByRole('button', { name: 'Save the file' }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('synchrono-city-recovery-ada-lind.txt');
  recoveryFile = await download.path();
  const text = await readFile(recoveryFile, 'utf8');
  expect(text).toContain('Recovery file of Ada Lind');
  expect(text).not.toMatch(/nsec1/);
  const [code = ''] = /ncryptsec1[a-z0-9]+/.exec(text) ?? [];
  await expect(offer).toBeHidden();
  adaKey = await shownKey(page);
  expect(getPublicKey(decrypt(code, PASSPHRASE))).toBe(adaKey);
  expect(() => decrypt(code, 'seven brass lantern')).toThrow();
  await expect(page.getByText(npubEncode(adaKey))).toBeVisible();
});

test('a reload keeps one signed in', async () => {
  const { page } = ada;
  await page.reload();
  await expect(page.getByLabel('Your name')).toHaveValue('Ada Lind');
  expect(await shownKey(page)).toBe(adaKey);
  await expect.poll(async () => (await ask(city.relay, { kinds: [0], authors: [adaKey] })).length).toBe(1);
});

const openSecurity = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('link', { name: 'Security', exact: true }).click();
};

/** The dialog over the map; everything else is out of reach. */
const lockScreen = (page: Page) => page.getByRole('dialog', { name: 'Ada Lind' });

const unlockWith = async (page: Page, passphrase: string): Promise<void> => {
  await lockScreen(page).getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await lockScreen(page).getByRole('button', { name: 'Unlock', exact: true }).click();
};

/** A choice is kept a moment after it was made; nobody is that quick with a reload but a test. */
const kept = (page: Page) => page.waitForTimeout(2000);

test('a locked profile stays locked until the right passphrase', async () => {
  const { page } = ada;
  await openSecurity(page);
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(lockScreen(page)).toBeVisible();
  await page.reload();
  await expect(lockScreen(page)).toBeVisible();
  await unlockWith(page, 'eight brass lanterns');
  await expect(lockScreen(page).getByText('This is not the passphrase.')).toBeVisible();
  await unlockWith(page, PASSPHRASE);
  await expect(lockScreen(page)).toBeHidden();
  await openYou(page);
  await expect(page.getByLabel('Your name')).toHaveValue('Ada Lind');
  expect(await shownKey(page)).toBe(adaKey);
});

test('a device that others use asks at every visit', async () => {
  const { page } = ada;
  await openSecurity(page);
  const stay = page.getByRole('radio', { name: /Stay signed in/ });
  const ask = page.getByRole('radio', { name: /Ask each time/ });
  await expect(stay).toBeChecked();
  await ask.check({ force: true });
  await kept(page);
  await page.reload();
  await unlockWith(page, PASSPHRASE);
  await expect(ask).toBeChecked();
  await page.reload();
  await unlockWith(page, PASSPHRASE);
  await stay.check({ force: true });
  await kept(page);
  await page.reload();
  await openYou(page);
  await expect(page.getByLabel('Your name')).toHaveValue('Ada Lind');
});

test('the recovery file brings the same account to another device', async ({ browser }) => {
  const other = await arrive(browser, 'Ada Lind', city.url, PHONE);
  const { page } = other;
  const dialog = await wayIn(page);
  await dialog.getByRole('button', { name: 'I already have an account' }).click();
  await dialog.getByLabel('Choose the file').setInputFiles({
    name: 'shopping.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('bread, tea'),
  });
  await expect(dialog.getByText('There is no recovery code in this text.')).toBeVisible();
  await dialog.getByLabel('Choose the file').setInputFiles(recoveryFile);
  await expect(dialog.getByText('Recovery file read.')).toBeVisible();
  await dialog.getByLabel('Passphrase', { exact: true }).fill('not this one');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog.getByText('This is not the passphrase.')).toBeVisible();
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  expect(await shownKey(page)).toBe(adaKey);
  await expect(page.getByLabel('Your name')).toHaveValue('Ada Lind');
  expect(other.faults).toEqual([]);
  await other.context.close();
});

test('a bare secret key works too, under a warning', async ({ browser }) => {
  const secret = generateSecretKey();
  const other = await arrive(browser, 'Somebody', city.url);
  const { page } = other;
  const dialog = await wayIn(page);
  await dialog.getByRole('button', { name: 'I already have an account' }).click();
  await dialog.getByRole('tab', { name: 'Secret key' }).click();
  await expect(dialog.getByText('A secret key is the account itself')).toBeVisible();
  await expect(dialog.getByText(/Whoever sees it can write as you for ever/)).toBeVisible();
  const field = dialog.getByLabel('Secret key', { exact: true }).and(page.locator('input'));
  await expect(field).toHaveAttribute('type', 'password');
  await field.fill('nsec1nothing');
  await dialog.getByLabel('New passphrase for this device').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog.getByText('This is not a secret key.')).toBeVisible();
  await field.fill(nsecEncode(secret));
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  expect(await shownKey(page)).toBe(getPublicKey(secret));
  expect(await keptOnDevice(page)).not.toContain(nsecEncode(secret));
  expect(other.faults).toEqual([]);
  await other.context.close();
});

const databasesOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''));

test('signing out takes the account from the device', async () => {
  const { page } = ada;
  const before = await databasesOf(page);
  expect(before.some((name) => name.startsWith('sealed '))).toBe(true);
  const kept = await keptOnDevice(page);
  for (const secret of [adaKey, 'ncryptsec1', 'Ada Lind']) expect(kept).not.toContain(secret);
  await page.getByRole('button', { name: 'Sign out' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out of this device?' });
  await expect(dialog.getByText('Your account’s key on this device')).toBeVisible();
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${city.url}/`);
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  const after = await databasesOf(page);
  expect(before.filter((name) => name.startsWith('sealed ') && after.includes(name))).toEqual([]);
  await openYou(page);
  await expect(page.getByText('You are looking around.')).toBeVisible();
});

test('an extension is offered first, joins and writes', async ({ browser }) => {
  const extension = new FakeExtension();
  const noor = await arrive(browser, 'Noor', 'about:blank');
  await extension.install(noor.context);
  const { page } = noor;
  await page.goto(city.url);
  await openPlace(noor, PLACE);
  await page.getByRole('button', { name: 'Join the conversation' }).click();
  const dialog = page.getByRole('dialog', { name: 'Join the conversation' });
  const offer = dialog.getByRole('button', { name: 'Continue with the extension' });
  await expect(offer).toBeVisible();
  const words = await dialog.innerText();
  expect(words.indexOf('This browser has an account extension')).toBeGreaterThan(-1);
  expect(words.indexOf('This browser has an account extension')).toBeLessThan(words.indexOf('Your name'));
  extension.allows = false;
  await offer.click();
  await expect(dialog.getByText('What holds your account said no.')).toBeVisible();
  extension.allows = true;
  await offer.click();
  await expect(dialog).toBeHidden();
  await say(noor, 'Signed elsewhere, written here');
  await expect(lineOf(ben.page, 'Signed elsewhere, written here')).toBeVisible();
  const [line] = await ask(city.relay, { kinds: [1], '#h': [place], authors: [extension.pubkey] });
  expect(line?.content).toBe('Signed elsewhere, written here');
  expect(line && verifyEvent({ ...line, tags: line.tags.map((tag) => [...tag]) })).toBe(true);
  expect(extension.asked).toEqual(expect.arrayContaining([9021, 1]));
  await page.reload();
  await say(noor, 'Still here after a reload');
  await expect(lineOf(ben.page, 'Still here after a reload')).toBeVisible();
  expect(noor.faults).toEqual([]);
  await noor.context.close();
});

test('a new name reaches a page that is open elsewhere', async ({ browser }) => {
  const cleo = await arrive(browser, 'Cleo Brandt', `${city.url}/g/${place}`, PHONE);
  await expect(lineOf(cleo.page, 'Bread at four')).toContainText('Ben Okafor');
  await openYou(ben.page);
  await ben.page.getByLabel('Your name').fill('Ben the Baker');
  await ben.page.getByLabel('About you').fill('Up before the birds.');
  await ben.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(lineOf(cleo.page, 'Bread at four')).toContainText('Ben the Baker');
  await lineOf(cleo.page, 'Bread at four').getByRole('button', { name: 'Ben the Baker' }).click();
  await expect(cleo.page.getByText('Up before the birds.')).toBeVisible();
  const profiles = await ask(city.relay, { kinds: [0] });
  expect(profiles.map(({ content }) => JSON.parse(content) as unknown)).toContainEqual(
    expect.objectContaining({ name: 'Ben the Baker', about: 'Up before the birds.' }),
  );
  expect(cleo.faults).toEqual([]);
  await cleo.context.close();
});

test('the main screens need no jargon', async () => {
  const jargon = /\b(npub|nsec|relays?|kinds?|pubkeys?|hex|nip-?\d+)/i;
  const clean = async (page: Page, screen: string, mustSay: string | RegExp) => {
    await expect(page.getByText(mustSay).first()).toBeVisible();
    const found = (await wordsOf(page)).split('\n').filter((line) => jargon.test(line));
    expect([screen, ...found]).toEqual([screen]);
  };
  const visitor = ada.page;
  await visitor.goto(city.url);
  await clean(visitor, 'map', 'Around here');
  await visitor.goto(`${city.url}/g/${place}`);
  await clean(visitor, 'place of others', 'Bread at four');
  await visitor.goto(`${city.url}/you`);
  await clean(visitor, 'you, as a visitor', 'You are looking around.');
  await visitor.getByRole('button', { name: 'Join the conversation' }).click();
  await clean(visitor, 'way in', 'A name and a passphrase are all it takes.');
  await visitor.getByRole('button', { name: 'I already have an account' }).click();
  await clean(visitor, 'way back in', 'Bring your account to this device.');

  const { page } = ben;
  await page.goto(`${city.url}/you`);
  await clean(page, 'you', 'Not saved yet');
  await page.goto(`${city.url}/you/settings`);
  await clean(page, 'settings', 'Colours');
  await page.goto(`${city.url}/messages`);
  await clean(page, 'messages', PLACE);
  await page.goto(`${city.url}/new`);
  await clean(page, 'start a place', 'Where shall it be?');
  await page.goto(`${city.url}/g/${place}`);
  await clean(page, 'own place', 'Bread at four');
  for (const [tab, word] of [
    [/People/, 'Ben the Baker'],
    ['About', 'Reading and writing'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await clean(page, `own place, ${word}`, word);
  }
  // The same look sees it where it may be: under Advanced.
  await page.goto(`${city.url}/you`);
  await page.getByText('Advanced', { exact: true }).click();
  expect(await wordsOf(page)).toMatch(jargon);
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
  expect(ben.faults).toEqual([]);
});
