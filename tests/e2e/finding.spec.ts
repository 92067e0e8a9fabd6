/** Finding: any word one has seen, the line it stands in however old, and the way anywhere by a few letters. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, makePlace, say, signUp } from './people.ts';
import type { Person } from './people.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;

const words = () => ada.page.getByRole('combobox', { name: 'Search all words, places and people' });
const hits = () => ada.page.getByRole('listbox', { name: 'What was found' }).getByRole('option');

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await ada.page.getByRole('link', { name: 'You' }).click();
  await ada.page.getByRole('button', { name: 'Join the conversation' }).click();
  await signUp(ada);
  await makePlace(ada, 'Lantern Society', /Open to all/);
  await say(ada, 'Zofia brought the brass lantern down to the harbor');
  for (let i = 1; i <= 40; i++) await say(ada, `and then another thing, number ${i}`);
});

test.afterAll(async () => {
  await ada?.context.close();
  await city?.stop();
});

test('a slash in a place searches it, and a hit opens the talk at its line', async () => {
  await ada.page.getByRole('article').last().press('/');
  await expect(words()).toBeFocused();
  await expect(ada.page.getByRole('button', { name: 'Remove: Lantern Society' })).toBeVisible();
  await words().fill('brass lant');
  await expect(hits()).toHaveCount(1);
  await expect(hits().first().locator('mark')).toHaveText(['brass', 'lantern']);
  await words().press('Enter');
  await expect(lineOf(ada.page, 'Zofia brought the brass lantern')).toBeInViewport();
  await expect(lineOf(ada.page, 'number 40')).not.toBeInViewport();
  await ada.page.getByRole('button', { name: 'To the newest line' }).click();
  await expect(lineOf(ada.page, 'number 40')).toBeInViewport();
});

test('back leads to what was found, and without the filter the place is found too', async () => {
  await ada.page.goBack();
  await expect(words()).toHaveValue('brass lant');
  await ada.page.getByRole('button', { name: 'Remove: Lantern Society' }).click();
  await words().fill('lantern');
  await expect(hits()).toHaveCount(2);
  await expect(ada.page.locator('[data-found=place]')).toContainText('Lantern Society');
});

test('a search that finds nothing with all its words says so', async () => {
  await words().fill('lantern submarine');
  await expect(
    ada.page.getByText('Nothing has all the words. These have some.', { exact: true }),
  ).toBeVisible();
  await words().fill('submarine');
  await expect(ada.page.getByText('Nothing here has these words.')).toBeVisible();
});

test('a few letters lead to a place, and to things to do', async () => {
  await ada.page.keyboard.press('Control+k');
  const where = ada.page.getByRole('combobox', { name: 'Go to a place, a person or something to do' });
  await where.fill('lanten soc');
  await where.press('Enter');
  await expect(ada.page.getByRole('heading', { name: 'Lantern Society' })).toBeVisible();
  await ada.page.keyboard.press('Control+k');
  await where.fill('dark');
  await where.press('Enter');
  await expect(ada.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(ada.faults).toEqual([]);
});
