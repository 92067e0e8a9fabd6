/** Places with doors: one where an admin lets people in, one that only its members see into. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, makePlace, openPlace, say, signUp } from './people.ts';
import type { Person } from './people.ts';
import { ask } from './relay-client.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url);
  for (const person of [ada, ben]) {
    await person.page.getByRole('link', { name: 'You' }).click();
    await person.page.getByRole('button', { name: 'Join the conversation' }).click();
    await signUp(person);
  }
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

test('an admin lets somebody in who asked, and declines somebody else’s first try', async () => {
  await makePlace(ada, 'Allotment Council', /I approve each person/);
  await ben.page.getByRole('link', { name: 'Map', exact: true }).click();
  await openPlace(ben, 'Allotment Council');
  await ben.page.getByRole('button', { name: 'Ask to join' }).click();
  await expect(ben.page.getByText('Waiting for an admin to let you in.')).toBeVisible();
  await ada.page.getByRole('tab', { name: /People/ }).click();
  await expect(ada.page.getByText('Waiting to be let in')).toBeVisible();
  await ada.page.getByRole('button', { name: 'Decline' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Decline' }).click();
  await expect(ben.page.getByText(/An admin said no/)).toBeVisible();
  await ben.page.getByRole('button', { name: 'Ask again' }).click();
  await ada.page.getByRole('button', { name: 'Let in' }).click();
  await say(ben, 'Thank you for letting me in');
  await ada.page.getByRole('tab', { name: 'Talk' }).click();
  await expect(lineOf(ada.page, 'Thank you for letting me in')).toBeVisible();
});

test('what is said in a private place stays among its members', async () => {
  await makePlace(ada, 'Night Kitchen', /Private: members only/);
  await say(ada, 'the soup is a secret');
  await expect.poll(() => ada.page.getByText(/Sending|waiting/).count()).toBe(0);
  await ben.page.getByRole('link', { name: 'Map', exact: true }).click();
  await openPlace(ben, 'Night Kitchen');
  await expect(ben.page.getByText('This place is private.')).toBeVisible();
  await expect(ben.page.getByText('the soup is a secret')).toHaveCount(0);
  const heard = await ask(city.relay, { kinds: [1, 9] });
  expect(heard.map(({ content }) => content)).not.toContain('the soup is a secret');
  await ben.page.getByRole('button', { name: 'Ask to join' }).click();
  await ada.page.getByRole('tab', { name: /People/ }).click();
  await ada.page.getByRole('button', { name: 'Let in' }).click();
  await expect(lineOf(ben.page, 'the soup is a secret')).toBeVisible({ timeout: 20_000 });
});

test('a place that is left is left, and its last admin cannot leave', async () => {
  await ben.page.getByRole('tab', { name: 'About' }).click();
  await ben.page.getByRole('button', { name: 'Leave this place' }).click();
  await ben.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await expect(ben.page.getByText('the soup is a secret')).toHaveCount(0);
  await ada.page.getByRole('tab', { name: 'About' }).click();
  await expect(ada.page.getByText(/You are the only admin/)).toBeVisible();
});

test('nothing was thrown along the way', () => {
  expect(ada.faults).toEqual([]);
  expect(ben.faults).toEqual([]);
});
