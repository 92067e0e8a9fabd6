/** What becomes of lines: deleted for oneself, forwarded, disappearing, pinned, answered as polls; in private and in a place. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { actOn, arrive, lineOf, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, keyOf, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
let keys: Record<'ada' | 'ben', string>;
let place: string;

const talkWith = (who: Person, key: string) => who.page.goto(`${city.url}/messages/${key}`);
const menu = (who: Person) => who.page.getByRole('menu');

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url, PHONE);
  for (const person of [ada, ben]) await joinCity(person);
  keys = { ada: await keyOf(ada), ben: await keyOf(ben) };
  place = await makePlace(ada, { name: 'Harbour Baths' });
  await talkWith(ada, keys.ben);
  await say(ada, 'Are you there');
  await talkWith(ben, keys.ada);
  await ben.page.getByRole('button', { name: 'Accept' }).click();
  await say(ben, 'I am');
  await expect(lineOf(ada.page, 'I am')).toBeVisible();
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

test('deleted for me is gone here, stays with the other, and can be undone for a moment', async () => {
  await say(ada, 'A slip of the pen');
  await expect(lineOf(ben.page, 'A slip of the pen')).toBeVisible();
  await actOn(ada, 'A slip of the pen', 'Delete for me');
  await expect(lineOf(ada.page, 'A slip of the pen')).toHaveCount(0);
  await ada.page.getByRole('button', { name: 'Undo' }).click();
  await expect(lineOf(ada.page, 'A slip of the pen')).toBeVisible();
  await actOn(ada, 'A slip of the pen', 'Delete for me');
  await expect(ada.page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect(ada.page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await ada.page.reload();
  await expect(lineOf(ada.page, 'I am')).toBeVisible();
  await expect(lineOf(ada.page, 'A slip of the pen')).toHaveCount(0);
  await expect(lineOf(ben.page, 'A slip of the pen')).toBeVisible();
});

test('a private line goes to a place only after a question, and says nothing of its author', async () => {
  await actOn(ada, 'I am', 'Forward');
  const choose = ada.page.getByRole('dialog', { name: 'Forward to' });
  await choose.getByRole('button', { name: /Harbour Baths/ }).click();
  const ask = ada.page.getByRole('dialog', { name: 'Forward to Harbour Baths?' });
  await expect(ask.getByText('Everyone in Harbour Baths can read it')).toBeVisible();
  await ask.getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(ada.page.getByText('Forwarded to Harbour Baths.')).toBeVisible();
  await ben.page.goto(`${city.url}/g/${place}`);
  const came = lineOf(ben.page, 'I am').first();
  await expect(came.getByText('Forwarded')).toBeVisible();
  await expect(came.getByText('Ada Lind').first()).toBeAttached();
  await expect(came).not.toContainText('Ben Okafor');
});

test('pinned by its people, a line stays in sight of both and leads to itself', async () => {
  await talkWith(ben, keys.ada);
  await actOn(ada, 'Are you there', 'Pin');
  for (const { page } of [ada, ben])
    await expect(page.getByRole('button', { name: /^Pinned.*Are you there/ })).toBeVisible();
  await ben.page.getByRole('button', { name: /^Pinned/ }).click();
  await expect(lineOf(ben.page, 'Are you there').first()).toBeFocused();
  await actOn(ada, 'Are you there', 'Unpin');
  await expect(ben.page.getByRole('button', { name: /^Pinned/ })).toHaveCount(0);
});

test('a poll is asked, answered, answered otherwise, and counted for both', async () => {
  await ada.page.getByRole('button', { name: 'Make a poll' }).click();
  const form = ada.page.getByRole('dialog', { name: 'Make a poll' });
  await form.getByLabel('Question').fill('When shall we swim?');
  await form.getByLabel('Answer 1').fill('At seven');
  await form.getByLabel('Answer 2').fill('At eight');
  await form.getByRole('button', { name: 'Ask' }).click();
  const [here, there] = [ada, ben].map(({ page }) => lineOf(page, 'When shall we swim?'));
  if (!here || !there) throw new Error('nobody is here');
  await there.getByRole('button', { name: 'At seven, 0' }).click();
  await expect(here.getByRole('button', { name: 'At seven, 1' })).toBeVisible();
  await here.getByRole('button', { name: 'At eight, 0' }).click();
  await there.getByRole('button', { name: /^At eight/ }).click();
  for (const line of [here, there]) {
    await expect(line.getByRole('button', { name: 'At eight, 2' })).toBeVisible();
    await expect(line.getByRole('button', { name: 'At seven, 0' })).toBeVisible();
  }
  await here.getByText('Who chose what').click();
  await expect(here.getByText(/Ben Okafor/)).toBeVisible();
});

test('a place has pins and polls as well', async () => {
  for (const { page } of [ada, ben]) await page.goto(`${city.url}/g/${place}`);
  await say(ada, 'We meet at the steps');
  await actOn(ada, 'We meet at the steps', 'Pin');
  await expect(ben.page.getByRole('button', { name: /^Pinned.*We meet at the steps/ })).toBeVisible();
  await ada.page.getByRole('button', { name: 'Make a poll' }).click();
  const form = ada.page.getByRole('dialog', { name: 'Make a poll' });
  await form.getByLabel('Question').fill('Tea afterwards?');
  await form.getByLabel('Answer 1').fill('Yes');
  await form.getByLabel('Answer 2').fill('No');
  await form.getByRole('button', { name: 'Ask' }).click();
  await lineOf(ada.page, 'Tea afterwards?').getByRole('button', { name: 'Yes, 0' }).click();
  await expect(lineOf(ben.page, 'Tea afterwards?').getByRole('button', { name: 'Yes, 1' })).toBeVisible();
});

test('who sets messages to disappear is told to both, and what is written then says when it goes', async () => {
  await talkWith(ada, keys.ben);
  await talkWith(ben, keys.ada);
  await ben.page.getByRole('button', { name: 'Disappearing messages' }).click();
  await menu(ben).getByRole('menuitemcheckbox', { name: '1 minute' }).click();
  for (const { page } of [ada, ben])
    await expect(
      page.getByRole('article', { name: 'Ben Okafor set messages to disappear after 1 minute.' }),
    ).toBeVisible();
  await say(ada, 'Burn after reading');
  await expect(
    lineOf(ben.page, 'Burn after reading').getByRole('img', { name: /^Disappears on/ }),
  ).toBeVisible();
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
