/** A profile's locks in a real browser: passkeys, rate limits, locking by itself, duress, the held key, several profiles. */
import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

const PASSPHRASE = 'seven brass lanterns';
let city: CityProcess;
test.beforeAll(async () => {
  city = await CityProcess.start({ pow: 'test' });
});
test.afterAll(() => city?.stop());

/** Somebody with an account; a passkey is a finger on this device. */
const settle = async (browser: Browser, name: string): Promise<Person> => {
  const person = await arrive(browser, name, city.url);
  await joinCity(person);
  return person;
};

const addFinger = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
};

const openSecurity = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('link', { name: 'Security', exact: true }).click();
};
const lockScreen = ({ page, name }: Person) => page.getByRole('dialog', { name });
const tryPassphrase = async (person: Person, passphrase: string): Promise<void> => {
  const screen = lockScreen(person);
  await screen.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await screen.getByRole('button', { name: 'Unlock', exact: true }).click();
};
const profilesHere = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('sealed ') ? [name] : [])),
  );

test('a passkey opens the profile in place of the passphrase', async ({ browser }) => {
  const ada = await settle(browser, 'Ada Lind');
  const { page } = ada;
  await addFinger(page);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByText('The passkey was tried and opens this profile.')).toBeVisible();
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(lockScreen(ada)).toBeVisible();
  await lockScreen(ada).getByRole('button', { name: 'Unlock with a passkey' }).click();
  await expect(lockScreen(ada)).toBeHidden();
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await expect(page.getByLabel('Your name')).toHaveValue('Ada Lind');
  expect(ada.faults).toEqual([]);
  await ada.context.close();
});

test('wrong passphrases wait longer and longer, also after a reload', async ({ browser }) => {
  const ben = await settle(browser, 'Ben Okafor');
  const { page } = ben;
  await openSecurity(page);
  await page.getByRole('button', { name: 'Lock now' }).click();
  for (let tries = 0; tries < 5; tries++) {
    await tryPassphrase(ben, `not this one ${tries}`);
    await expect(lockScreen(ben).getByLabel('Passphrase', { exact: true })).toHaveValue('');
  }
  await expect(lockScreen(ben)).toContainText('Too many wrong tries');
  await page.reload();
  await expect(lockScreen(ben)).toContainText('Too many wrong tries');
  await expect(lockScreen(ben)).not.toContainText('Too many wrong tries', { timeout: 30_000 });
  await tryPassphrase(ben, PASSPHRASE);
  await expect(lockScreen(ben)).toBeHidden();
  expect(ben.faults).toEqual([]);
  await ben.context.close();
});

test('locked in one tab is locked in all; opened in one is opened in all', async ({ browser }) => {
  const cy = await settle(browser, 'Cy Young');
  const other: Person = { ...cy, page: await cy.context.newPage() };
  await other.page.goto(city.url);
  await expect(other.page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await openSecurity(cy.page);
  await cy.page.getByRole('button', { name: 'Lock now' }).click();
  await expect(lockScreen(cy)).toBeVisible();
  await expect(lockScreen(other)).toBeVisible();
  await tryPassphrase(other, PASSPHRASE);
  await expect(lockScreen(other)).toBeHidden();
  await expect(lockScreen(cy)).toBeHidden();
  await cy.context.close();
});

test('it locks by itself when nobody has touched it', async ({ browser }) => {
  const dee = await settle(browser, 'Dee Silva');
  const { page } = dee;
  await makePlace(dee, { name: 'Tide Pool' });
  await say(dee, 'The first line');
  await page.getByRole('textbox', { name: 'Write a line' }).fill('half a thought');
  await openSecurity(page);
  await page.getByRole('combobox', { name: 'Lock after' }).selectOption({ label: '30 seconds' });
  await expect(lockScreen(dee)).toBeVisible({ timeout: 60_000 });
  expect(await page.locator('body').innerText()).not.toContain('Tide Pool');
  await tryPassphrase(dee, PASSPHRASE);
  await expect(lockScreen(dee)).toBeHidden();
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await expect(page.getByText('Tide Pool').first()).toBeVisible();
  await dee.context.close();
});

test('the passphrase that erases looks like a first visit', async ({ browser }) => {
  const eve = await settle(browser, 'Eve Ito');
  const { page } = eve;
  const [before] = await profilesHere(page);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set one' }).click();
  const dialog = page.getByRole('dialog', { name: 'A passphrase that erases' });
  await dialog.getByLabel('Passphrase that erases', { exact: true }).fill('burn after reading');
  await dialog.getByRole('button', { name: 'Save it' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Lock now' }).click();
  await tryPassphrase(eve, 'burn after reading');
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await expect(page.getByText('You are looking around.')).toBeVisible();
  expect(await profilesHere(page)).not.toContain(before);
  await eve.context.close();
});

test('holding Escape erases, letting go does not', async ({ browser }) => {
  const fay = await settle(browser, 'Fay Moss');
  const { page } = fay;
  const [before] = await profilesHere(page);
  await openSecurity(page);
  await page.getByRole('switch', { name: 'Hold Escape to erase' }).check({ force: true });
  await page.keyboard.down('Escape');
  await page.waitForTimeout(1200);
  await page.keyboard.up('Escape');
  await page.waitForTimeout(2500);
  expect(await profilesHere(page)).toContain(before);
  await page.keyboard.down('Escape');
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.up('Escape');
  await expect.poll(() => profilesHere(page)).not.toContain(before);
  await fay.context.close();
});

test('two profiles in one browser know nothing of each other', async ({ browser }) => {
  const gus = await settle(browser, 'Gus Park');
  const { page } = gus;
  await makePlace(gus, { name: 'Northern Attic' });
  await say(gus, 'only for Gus');
  await openSecurity(page);
  await page.getByRole('button', { name: 'Add a profile' }).click();
  await page.waitForURL(`${city.url}/`);
  await expect(page.getByRole('heading', { name: 'Around here' })).toBeVisible();
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await expect(page.getByText('You are looking around.')).toBeVisible();
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await expect(page.getByText('Northern Attic')).toHaveCount(0);
  expect(await profilesHere(page)).toHaveLength(2);
  await openSecurity(page);
  await page.getByRole('button', { name: /Gus Park/ }).click();
  await page.waitForURL(`${city.url}/`);
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await expect(page.getByText('Northern Attic').first()).toBeVisible();
  await gus.context.close();
});
