/**
 * Two people and a city, from the first look at the map to an admin's hand, everything at its real price:
 * accounts cost 20 bits of work, the place 28.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { countLeadingZeroBits } from '#protocol/proof-of-work.ts';
import { CityProcess } from './city-process.ts';
import { ask } from './relay-client.ts';
import { actOn, arrive, lineOf, makePlace, openPlace, PHONE, REAL_WORK, say, signUp } from './people.ts';
import type { Person } from './people.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
const PLACE = 'Harbour Swimmers';

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start();
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url, PHONE);
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

const axe = async ({ page }: Person) => {
  const report = await new AxeBuilder({ page }).analyze();
  return report.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
};

test('the map is the first screen and needs no account', async () => {
  for (const person of [ada, ben]) {
    await expect(person.page.locator('[data-map-ready]')).toBeAttached();
    await expect(person.page.getByRole('heading', { name: 'Around here' })).toBeVisible();
    expect(await axe(person)).toEqual([]);
  }
});

test('a name and a passphrase make an account, its profile carries 20 bits', async () => {
  for (const person of [ada, ben]) {
    await person.page.getByRole('link', { name: 'You' }).click();
    await person.page.getByRole('button', { name: 'Join the conversation' }).click();
    await signUp(person);
  }
  await expect
    .poll(async () => (await ask(city.relay, { kinds: [0] })).length, { timeout: 150_000, intervals: [1000] })
    .toBe(2);
  for (const profile of await ask(city.relay, { kinds: [0] })) {
    expect(countLeadingZeroBits(profile.id)).toBeGreaterThanOrEqual(20);
    expect(profile.tags.find(([name]) => name === 'nonce')?.[2]).toBe('20');
  }
});

test('a place is made by tapping the map, with its real 28 bits of work', async () => {
  test.setTimeout(REAL_WORK + 60_000);
  await makePlace(ada, PLACE, /Members write, anyone may join/, undefined, REAL_WORK);
  const [made] = await ask(city.relay, { kinds: [9007] });
  expect(countLeadingZeroBits(made?.id ?? '')).toBeGreaterThanOrEqual(28);
  expect(made?.tags.at(-1)?.[0]).toBe('nonce');
  expect(made?.tags.at(-1)?.[2]).toBe('28');
});

test('somebody else finds it, reads, joins and both talk', async () => {
  await ben.page.goto(city.url);
  await openPlace(ben, PLACE);
  await expect(ben.page.getByText('Cold water, warm tea')).toBeVisible();
  await ben.page.getByRole('button', { name: 'Join the conversation' }).click();
  await say(ben, 'Good morning from the pier');
  await expect(lineOf(ada.page, 'Good morning from the pier')).toBeVisible();
  await expect(lineOf(ada.page, 'Good morning from the pier')).toContainText('Ben Okafor');
  await say(ada, 'Welcome, the tea is on');
  await expect(lineOf(ben.page, 'Welcome, the tea is on')).toBeVisible();
});

test('a line with a link is safe, a name that plays tricks is tamed', async () => {
  const shown = '<b onclick=alert(1)>now</b> javascript:alert(1)';
  await say(ben, `see https://example.com/tides ${shown}`, shown);
  const line = lineOf(ada.page, shown);
  await expect(line.getByRole('link')).toHaveCount(1);
  await expect(line.getByRole('link')).toHaveAttribute('rel', /noopener/);
  await expect(line.getByRole('link')).toHaveAttribute('href', 'https://example.com/tides');
});

test('replies, mentions and reactions reach the other', async () => {
  const { page } = ada;
  await lineOf(page, 'Good morning from the pier').hover();
  await lineOf(page, 'Good morning from the pier').getByRole('button', { name: 'Reply' }).click();
  const composer = page.getByRole('textbox', { name: 'Write a line' });
  await composer.fill('Is the water cold, @Be');
  await page.getByRole('option', { name: /Ben Okafor/ }).click();
  await composer.press('Enter');
  const reply = lineOf(ben.page, 'Is the water cold');
  await expect(reply).toContainText('@Ben Okafor');
  await expect(reply).toContainText('Good morning from the pier');

  await lineOf(page, 'Good morning from the pier').first().hover();
  await lineOf(page, 'Good morning from the pier')
    .first()
    .getByRole('button', { name: 'React', exact: true })
    .click();
  await page.getByRole('button', { name: /React with 👍/ }).click();
  await expect(
    lineOf(ben.page, 'Good morning from the pier').first().getByRole('button', { name: /👍, 1/ }),
  ).toBeVisible();
});

test('what is written while the city is away waits, says so, and goes out in order', async () => {
  await city.pause();
  for (const text of ['written in the tunnel', 'and another', 'and a third']) await say(ben, text);
  await expect(ben.page.getByText(/3 things waiting/)).toBeVisible();
  await city.restart();
  await expect(lineOf(ada.page, 'and a third')).toBeVisible({ timeout: 60_000 });
  const heard = await ada.page.locator('article[data-line]').allInnerTexts();
  const order = ['written in the tunnel', 'and another', 'and a third'].map((text) =>
    heard.findIndex((line) => line.includes(text)),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  await expect(ben.page.getByText(/things waiting/)).toHaveCount(0);
});

test('one deletes a line of one’s own, an admin takes one away', async () => {
  await say(ben, 'this was a mistake');
  await expect(lineOf(ada.page, 'this was a mistake')).toBeVisible();
  await actOn(ben, 'this was a mistake', 'Delete for everyone');
  await expect(lineOf(ada.page, 'this was a mistake')).toHaveCount(0, { timeout: 20_000 });
  await say(ben, 'an unkind word');
  await expect(lineOf(ada.page, 'an unkind word')).toBeVisible();
  await actOn(ada, 'an unkind word', 'Remove for everyone');
  await expect(lineOf(ben.page, 'an unkind word')).toHaveCount(0, { timeout: 20_000 });
});

test('an admin edits, promotes, removes; a removed person cannot write', async () => {
  const { page } = ada;
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Description').fill('Cold water, warmer tea.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(ben.page.getByText('Cold water, warmer tea.')).toBeVisible();
  await page.getByRole('tab', { name: /People/ }).click();
  await page.getByRole('button', { name: 'Actions for Ben Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Make admin' }).click();
  await ben.page.getByRole('tab', { name: /People/ }).click();
  await expect(ben.page.getByRole('button', { name: 'Ben Okafor Admin You' })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for Ben Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Take admin back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take admin back' }).click();
  await page.getByRole('button', { name: 'Actions for Ben Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Remove from this place' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await ben.page.getByRole('tab', { name: 'Talk' }).click();
  await expect(ben.page.getByText('An admin took you off the list.')).toBeVisible({ timeout: 20_000 });
  await expect(ben.page.getByRole('textbox', { name: 'Write a line' })).toHaveCount(0);
});

test('an invitation survives signing up, then joins', async ({ browser }) => {
  await ada.page.getByRole('tab', { name: 'About' }).click();
  await ada.page.getByRole('button', { name: 'Make an invitation link' }).click();
  const link = await ada.page.getByLabel('Invitation link').inputValue();
  expect(link).toMatch(/naddr1[a-z0-9]+\?invite=/);
  const cleo = await arrive(browser, 'Cleo Brandt', link);
  await cleo.page
    .getByRole('button', { name: new RegExp(`Join ${PLACE}|Accept|Join`) })
    .first()
    .click();
  await signUp(cleo);
  await expect(cleo.page.getByRole('heading', { name: PLACE })).toBeVisible({ timeout: 30_000 });
  await say(cleo, 'Hello, I was invited');
  await ada.page.getByRole('tab', { name: 'Talk' }).click();
  await expect(lineOf(ada.page, 'Hello, I was invited')).toBeVisible();
  expect(cleo.faults).toEqual([]);
  await cleo.context.close();
});

test('the place ends, and says so', async () => {
  const { page } = ada;
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Delete this place' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Delete/ })
    .click();
  await expect(ben.page.getByText('This place has ended.')).toBeVisible({ timeout: 20_000 });
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
  expect(ben.faults).toEqual([]);
});
