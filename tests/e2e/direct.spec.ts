/** Two people talk in private: sealed on the way, in order, kept after a reload; a third finds nothing. */
import { expect, test } from '@playwright/test';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { Client, makePerson } from '../support/client.ts';
import { joinCity } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
let keys: Record<'ada' | 'ben', string>;

const keyOf = async ({ page }: Person): Promise<string> => {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByText('Advanced').first().click();
  const npub = await page
    .getByText(/^npub1/)
    .first()
    .innerText();
  const { decode } = await import('nostr-tools/nip19');
  return String(decode(npub.trim()).data);
};

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

test('from a person’s card to the first word, and an answer', async () => {
  await ada.page.goto(`${city.url}/people/${keys.ben}`);
  await ada.page.getByRole('link', { name: 'Write privately' }).click();
  await expect(ada.page.getByText('Sealed to you and Ben Okafor')).toBeVisible();
  await say(ada, 'Nobody else reads this');
  await expect(lineOf(ada.page, 'Nobody else reads this').getByRole('img', { name: 'Sent' })).toBeAttached();
  await ben.page.getByRole('link', { name: /Messages/ }).click();
  await ben.page.getByRole('link', { name: /Ada Lind/ }).click();
  await expect(lineOf(ben.page, 'Nobody else reads this')).toBeVisible();
  await say(ben, 'And nobody hears my answer');
  await expect(lineOf(ada.page, 'And nobody hears my answer')).toBeVisible();
});

test('the city holds wraps only, and gives them to nobody else', async () => {
  const eve = await Client.connect(city.relay);
  expect(await eve.prove(makePerson())).toBe(true);
  const found = await eve.find({ kinds: [GIFT_WRAP], '#p': [keys.ben] });
  expect(found).toEqual([]);
  eve.close();
});

test('after a reload everything is there', async () => {
  await ben.page.reload();
  await expect(lineOf(ben.page, 'Nobody else reads this')).toBeVisible();
  await expect(lineOf(ben.page, 'And nobody hears my answer')).toBeVisible();
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
