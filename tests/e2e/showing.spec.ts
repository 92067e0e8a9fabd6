/** What hangs on lines, as a reader meets it: the viewer by keyboard, no host but the city's, nothing shown that is not what was sent. */
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { makeImeta } from '#protocol/media/attachments.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine } from '../support/places.ts';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, openPlace } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

test.describe.configure({ mode: 'serial' });

const mallory = makePerson();
let city: CityProcess;
let ada: Person;
let ben: Person;
let place: string;
/** Every address that the reader's browser asks, by page and workers. */
const asked = new Set<string>();

const picture = async (red: number) => ({
  name: `boat ${red}.jpg`,
  mimeType: 'image/jpeg',
  buffer: await sharp({
    create: { width: 900, height: 600, channels: 3, background: { r: red, g: 90, b: 120 } },
  })
    .jpeg()
    .toBuffer(),
});

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  place = await makePlace(ada, { name: 'Lighthouse Keepers' });
  await ada.page.locator('input[data-attach]').setInputFiles(await Promise.all([picture(200), picture(20)]));
  await ada.page.getByRole('textbox', { name: 'Write a line' }).fill('Two boats');
  const send = ada.page.getByRole('button', { name: 'Send', exact: true });
  await expect(send).toBeEnabled();
  await send.click();
  await expect(lineOf(ada.page, 'Two boats').getByRole('img', { name: 'Sent' })).toBeAttached();
  ben = await arrive(browser, 'Ben Roth', 'about:blank');
  ben.context.on('request', (request) => asked.add(new URL(request.url()).host));
  await ben.page.goto(city.url);
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

test('a picture opens by Enter, the next by an arrow, Escape leads back to where one was', async () => {
  const { page } = ben;
  await openPlace(ben, 'Lighthouse Keepers');
  const first = lineOf(page, 'Two boats').getByRole('button', { name: /^Picture 1 of 2/ });
  await expect(first.locator('img')).toBeVisible();
  await first.focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog');
  await expect(viewer).toBeVisible();
  await expect(viewer.getByText(/1\s*\/\s*2/)).toBeVisible();
  // Nothing is turned while it opens.
  await expect(async () => {
    await page.keyboard.press('ArrowRight');
    await expect(viewer.getByText(/2\s*\/\s*2/)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(lineOf(page, 'Two boats').locator(':focus')).toHaveCount(1);
});

test('a stranger’s picture, face and link are met without asking the stranger’s server', async () => {
  const client = await Client.connect(city.relay);
  const face = JSON.stringify({ name: 'Mallory Vane', picture: 'https://faces.stranger.example/me.png' });
  expect(await client.publish(mallory.sign({ kind: 0, content: face, tags: [] }))).toEqual([true, '']);
  const hung = {
    url: 'https://pictures.stranger.example/a.jpg',
    type: 'image/jpeg',
    width: 300,
    height: 200,
  };
  const line = makeLine(place, `Look ${hung.url}`);
  const signed = mallory.sign({ ...line, tags: [...line.tags, makeImeta(hung)] });
  expect(await client.publish(signed)).toEqual([true, '']);
  client.close();
  await expect(lineOf(ben.page, 'Look')).toBeVisible();
  await expect(lineOf(ben.page, 'Look').getByRole('button', { name: /^Picture\. (?!Open)/ })).toBeVisible();
  expect([...asked].filter((host) => host !== new URL(city.url).host && host !== '')).toEqual([]);
});

test('bytes that are not what the line says are not shown', async () => {
  const client = await Client.connect(city.relay);
  const [real] = await client.find({ '#h': [place], kinds: [1], limit: 5 });
  const all = await client.find({ '#h': [place], kinds: [1] });
  const imeta = [real, ...all].flatMap((event) => event?.tags.find(([name]) => name === 'imeta') ?? []);
  const url =
    imeta.find((field) => field.startsWith('url ') && field.includes(new URL(city.url).host))?.slice(4) ?? '';
  const lie = { url, hash: 'f'.repeat(64), type: 'image/jpeg', size: 900, width: 300, height: 200 };
  const line = makeLine(place, 'This is another boat');
  expect(await client.publish(mallory.sign({ ...line, tags: [...line.tags, makeImeta(lie)] }))).toEqual([
    true,
    '',
  ]);
  client.close();
  const shown = lineOf(ben.page, 'This is another boat');
  await expect(shown).toBeVisible();
  await expect(shown.getByRole('button').filter({ hasText: /not what/ })).toBeVisible();
  await expect(shown.locator('img')).toHaveCount(0);
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
