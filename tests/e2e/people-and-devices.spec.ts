/** People find each other by name and know that it is them; one account on two devices. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, PHONE } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, keyOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
let phone: Person;
let keys: Record<'ada' | 'ben', string>;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url);
  phone = await arrive(browser, 'Ada Lind', city.url, PHONE);
  for (const person of [ada, ben]) await joinCity(person);
  keys = { ada: await keyOf(ada), ben: await keyOf(ben) };
});

test.afterAll(async () => {
  for (const person of [ada, ben, phone]) await person?.context.close();
  await city?.stop();
});

const host = (): string => new URL(city.url).host;

test('a name of this city is taken, refused to another, and finds its person with a mark', async () => {
  const { page } = ada;
  const form = page.getByRole('region', { name: 'Name in this city' });
  await form.getByLabel('Name').fill('admin');
  await expect(form.getByText('The city keeps this name for itself')).toBeVisible();
  await form.getByLabel('Name').fill('ada');
  await expect(form.getByText('ada is free')).toBeVisible();
  await form.getByRole('button', { name: 'Take this name' }).click();
  await expect(form.getByText(`It is yours: ada@${host()}`)).toBeVisible();

  await ben.page.getByRole('region', { name: 'Name in this city' }).getByLabel('Name').fill('ADA');
  await expect(ben.page.getByText('Somebody has this name')).toBeVisible();
  await ben.page.goto(`${city.url}/messages/new`);
  await ben.page.getByLabel('Who').fill(`ada@${host()}`);
  await ben.page.getByRole('link', { name: /Ada Lind/ }).click();
  await expect(ben.page.locator('[data-address="verified"]')).toContainText(`ada@${host()}`);
  await expect(ben.page.locator('[data-mark="name"]').first()).toBeVisible();
});

test('both have the same safety number; comparing it leaves a mark, and a note stays mine', async () => {
  await ben.page.getByLabel('Your note').fill('Met at the quay');
  await ben.page.getByRole('button', { name: 'Save note' }).click();
  await expect(ben.page.getByRole('button', { name: 'Save note' })).toBeHidden();
  await ben.page.getByRole('link', { name: 'Safety number' }).click();
  await ada.page.goto(`${city.url}/people/${keys.ben}/compare`);
  const numberOf = ({ page }: Person) => page.locator('[data-safety]').getAttribute('data-safety');
  expect(await numberOf(ben)).toMatch(/^\d{60}$/);
  expect(await numberOf(ada)).toBe(await numberOf(ben));
  await ben.page.getByRole('button', { name: 'The digits are the same' }).click();
  await expect(ben.page.getByText('You have verified Ada Lind')).toBeVisible();
  await ben.page.goto(`${city.url}/people/${keys.ada}`);
  await expect(ben.page.locator('[data-mark="verified"]').first()).toBeVisible();
  await expect(ben.page.getByLabel('Your note')).toHaveValue('Met at the quay');
});

test('how one is, is seen by others', async () => {
  await ada.page.getByRole('link', { name: 'You', exact: true }).click();
  await ada.page.getByLabel('A line for others').fill('Out rowing until six');
  await ada.page.getByRole('button', { name: 'Say it' }).click();
  await expect(ben.page.getByText('Out rowing until six')).toBeVisible();
});

test('a card’s code is read from a picture', async () => {
  await ada.page.goto(`${city.url}/you/card`);
  const picture = await ada.page.locator('[data-qr]').screenshot();
  await ben.page.goto(`${city.url}/messages/new`);
  await ben.page
    .locator('[data-scan]')
    .setInputFiles({ name: 'card.png', mimeType: 'image/png', buffer: picture });
  await expect(ben.page.getByRole('link', { name: /Ada Lind/ })).toBeVisible();
});

test('a phone is linked by a code and six digits; wrong ones give nothing', async () => {
  test.setTimeout(240_000);
  await ada.page.goto(`${city.url}/you/devices`);
  await phone.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await phone.page.getByRole('link', { name: 'You', exact: true }).click();
  await phone.page.getByRole('button', { name: 'Join the conversation' }).click();
  await phone.page.getByRole('button', { name: /have an account/ }).click();
  await phone.page.getByRole('tab', { name: 'Another device' }).click();
  const pair = async (): Promise<string> => {
    await phone.page.getByRole('button', { name: 'Show a code' }).click();
    const code = await phone.page.locator('[data-qr]').getAttribute('data-qr');
    await ada.page.getByLabel('Code as text').fill(code ?? '');
    await ada.page.getByRole('button', { name: 'Link', exact: true }).click();
    const shown = phone.page.locator('[data-digits]');
    await expect(shown).toBeVisible();
    await ada.page.getByLabel('Passphrase', { exact: true }).fill('seven brass lanterns');
    return (await shown.getAttribute('data-digits')) ?? '';
  };
  const first = await pair();
  await ada.page.getByLabel('The six digits').fill(first === '000000' ? '000001' : '000000');
  await ada.page.getByRole('button', { name: 'Give it my account' }).click();
  await expect(ada.page.getByText('Nothing was given')).toBeVisible({ timeout: 30_000 });
  await expect(phone.page.getByText('Nothing was given')).toBeVisible();

  await ada.page.getByLabel('The six digits').waitFor({ state: 'hidden' });
  await ada.page.getByLabel('Code as text').waitFor();
  const digits = await pair();
  await ada.page.getByLabel('The six digits').fill(digits);
  await ada.page.getByRole('button', { name: 'Give it my account' }).click();
  await expect(ada.page.getByText('The other device has your account now')).toBeVisible({ timeout: 30_000 });
  await phone.page.getByLabel('Passphrase for this device').fill('nine tin whistles');
  await phone.page.getByRole('button', { name: 'Enter', exact: true }).click();
  await expect(phone.page.getByRole('dialog', { name: 'Join the conversation' })).toBeHidden({
    timeout: 60_000,
  });
  expect(await keyOf(phone)).toBe(keys.ada);
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});

test('what one keeps follows to the other device, and a revoked one is wiped', async () => {
  test.setTimeout(240_000);
  await ada.page.goto(`${city.url}/people/${keys.ben}`);
  await ada.page.getByLabel('Your note').fill('Lent him the canoe');
  await ada.page.getByRole('button', { name: 'Save note' }).click();
  await phone.page.goto(`${city.url}/people/${keys.ben}`);
  await expect(phone.page.getByLabel('Your note')).toHaveValue('Lent him the canoe', { timeout: 60_000 });
  await ada.page.goto(`${city.url}/you/devices`);
  await expect(ada.page.locator('[data-device]')).toHaveCount(2, { timeout: 60_000 });
  await ada.page.getByRole('button', { name: 'Revoke' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(phone.page.getByText('has revoked this one')).toBeVisible({ timeout: 60_000 });
  await phone.page.getByRole('link', { name: 'You', exact: true }).click();
  await expect(phone.page.getByRole('button', { name: 'Join the conversation' })).toBeVisible();
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
