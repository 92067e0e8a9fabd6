/** In the underground: what was written without a network arrives with every page closed, once and in order. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';
import { WorkerDesk } from './worker-desk.ts';

test.describe.configure({ mode: 'serial' });

const PLACE = 'Platform Nine';
let city: CityProcess;
let ada: Person;
let ben: Person;
let id: string;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  id = await makePlace(ada, { name: PLACE });
  await say(ada, 'the last train');
  await ada.page.evaluate(() => navigator.serviceWorker.ready);
  ben = await arrive(browser, 'Ben Okafor', `${city.url}/g/${id}`);
  await expect(lineOf(ben.page, 'the last train')).toBeVisible();
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

/** The city goes away as well: a browser's switch for offline does not reach its service workers' sockets. */
const goDark = async (): Promise<void> => {
  await ada.context.setOffline(true);
  await city.pause();
};
const comeBack = async (): Promise<void> => {
  await city.restart({ pow: 'test' });
  await ada.context.setOffline(false);
};

const linesOf = async ({ page }: Person): Promise<string[]> =>
  (await page.locator('article[data-line] .said .words').allInnerTexts()).map((text) => text.trim());

test('queued in the dark, every page closed: the worker sends it, once and in order', async () => {
  const { page, context } = ada;
  const words = Array.from({ length: 12 }, (_, at) => `station ${at + 1}`);
  await goDark();
  for (const text of words) await say(ada, text);
  await expect(page.getByText('12 things waiting')).toBeVisible();
  await expect(page.getByText('Goes out by itself, also with the app closed.')).toBeVisible();
  const desk = await WorkerDesk.open(context, city.url);
  await page.close();
  expect(context.pages().filter((one) => one.url().startsWith(city.url))).toEqual([]);
  await comeBack();
  await desk.sync('outbox');
  await expect(lineOf(ben.page, 'station 12')).toBeVisible();
  const seen = (await linesOf(ben)).filter((text) => text.startsWith('station'));
  expect(seen).toEqual(words);
  await desk.close();
});

test('the next opening knows that they were sent', async () => {
  const page = await ada.context.newPage();
  ada = { ...ada, page };
  await page.goto(`${city.url}/g/${id}`);
  await expect(lineOf(page, 'station 12')).toBeVisible();
  await expect(page.getByText(/things? waiting/)).toHaveCount(0);
  await expect(page.getByRole('img', { name: 'Waiting to be sent' })).toHaveCount(0);
});

test('a locked profile sends too', async () => {
  const { page, context } = ada;
  await goDark();
  await say(ada, 'from behind the door');
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('link', { name: 'Security', exact: true }).click();
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(page.getByRole('dialog', { name: ada.name })).toBeVisible();
  const desk = await WorkerDesk.open(context, city.url);
  await page.close();
  await comeBack();
  await desk.sync('outbox');
  await expect(lineOf(ben.page, 'from behind the door')).toBeVisible();
  await desk.close();
});

test('and its owner finds it sent after unlocking', async () => {
  const page = await ada.context.newPage();
  ada = { ...ada, page };
  await page.goto(`${city.url}/g/${id}`);
  const door = page.getByRole('dialog', { name: ada.name });
  await door.getByLabel('Passphrase', { exact: true }).fill('seven brass lanterns');
  await door.getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(lineOf(page, 'from behind the door')).toBeVisible();
  await expect(page.getByText(/waiting/)).toHaveCount(0);
  expect(ada.faults.concat(ben.faults)).toEqual([]);
});
