/** Somebody writes first and is blocked; somebody is muted in a place, a word too, and let back. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, keyOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
let keys: Record<'ada' | 'ben', string>;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url, PHONE);
  for (const person of [ada, ben]) await joinCity(person);
  keys = { ada: await keyOf(ada), ben: await keyOf(ben) };
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

test('who wrote first is blocked from the tray, and disappears from it', async () => {
  await ada.page.goto(`${city.url}/messages/${keys.ben}`);
  await say(ada, 'Buy my durians');
  await ben.page.getByRole('link', { name: /Messages/ }).click();
  await ben.page.getByRole('link', { name: 'Somebody new has written to you' }).click();
  await ben.page.getByRole('link', { name: /Ada Lind/ }).click();
  await expect(lineOf(ben.page, 'Buy my durians')).toBeVisible();
  await ben.page.getByRole('button', { name: 'Block' }).click();
  await ben.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await expect(ben.page.getByText('You blocked Ada Lind.')).toBeVisible();
  await expect(ben.page.getByRole('button', { name: '1 hidden message' })).toBeVisible();
  await say(ada, 'Are you there?');
  await ben.page.goto(`${city.url}/messages`);
  await expect(ben.page.getByRole('link', { name: /Messages/ })).toBeVisible();
  await expect(ben.page.getByRole('link', { name: 'Somebody new has written to you' })).toHaveCount(0);
});

test('the list of who is blocked leads back', async () => {
  await ben.page.goto(`${city.url}/you/shunned`);
  await ben.page.getByRole('button', { name: 'Unblock: Ada Lind' }).click();
  await expect(ben.page.getByRole('button', { name: 'Unblock: Ada Lind' })).toHaveCount(0);
  await ben.page.goto(`${city.url}/messages/${keys.ada}`);
  await expect(lineOf(ben.page, 'Are you there?')).toBeVisible();
  await ben.page.getByRole('button', { name: 'Accept' }).click();
  await expect(ben.page.getByRole('textbox', { name: 'Write a line' })).toBeVisible();
});

test('a muted word hides lines behind a quiet sign that opens', async () => {
  await ben.page.goto(`${city.url}/you/shunned`);
  await ben.page.getByRole('textbox', { name: 'A word or a few words' }).fill('d');
  await ben.page.getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(ben.page.getByText('One letter alone would hide nearly everything.')).toBeVisible();
  await ben.page.getByRole('textbox', { name: 'A word or a few words' }).fill('Durians');
  await ben.page.getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(ben.page.getByRole('button', { name: 'Unmute: durians' })).toBeVisible();
  await ben.page.goto(`${city.url}/messages/${keys.ada}`);
  await expect(lineOf(ben.page, 'Are you there?')).toBeVisible();
  await expect(lineOf(ben.page, 'Buy my durians')).toHaveCount(0);
  await ben.page.getByRole('button', { name: '1 hidden message' }).click();
  await expect(lineOf(ben.page, 'Buy my durians')).toBeVisible();
});

test('a person is kept, muted and let back on their page', async () => {
  const { page } = ada;
  await page.goto(`${city.url}/people/${keys.ben}`);
  await page.getByRole('button', { name: 'Add to contacts' }).click();
  await expect(page.getByRole('button', { name: 'Remove from contacts' })).toBeVisible();
  await page.getByRole('button', { name: 'More about Ben Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Mute' }).click();
  await expect(page.getByText('You muted this person')).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Unmute' }).click();
  await expect(page.getByText('You muted this person')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Remove from contacts' })).toBeVisible();
});
