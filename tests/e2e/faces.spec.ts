/** Pictures of people and places: nobody reads of one before the city has it, and without a network both wait. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { CityProcess } from './city-process.ts';
import { arrive, openPlace } from './people.ts';
import type { Person } from './people.ts';
import { joinCity } from './settling.ts';
import { storedFiles } from './stored-files.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  ben = await arrive(browser, 'Ben Roth', city.url);
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

const photo = (red: number): Promise<Buffer> =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: { r: red, g: 90, b: 120 } } })
    .withExif({ IFD0: { Make: 'Brass & Sons' } })
    .jpeg()
    .toBuffer();

const choosePicture = async (page: Page, red: number): Promise<void> => {
  await page
    .locator('input[data-picture]')
    .setInputFiles([{ name: 'face.jpg', mimeType: 'image/jpeg', buffer: await photo(red) }]);
  const crop = page.getByRole('dialog', { name: 'Choose what is seen' });
  await crop.getByRole('button', { name: 'Use this picture' }).click();
  await expect(crop).toBeHidden();
};

/** The picture in the head of the open place; its address names the file. */
const worn = (page: Page) => page.locator('[data-group] header .avatar.shield img');

test('a new place wears the picture that was chosen with its words, at the maker’s and at a visitor’s', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await page.getByRole('link', { name: 'Start a place' }).click();
  await page.locator('[data-map-ready]').click({ position: { x: 900, y: 400 } });
  await page.getByRole('button', { name: 'Start a place here' }).click();
  await choosePicture(page, 200);
  await page.getByLabel('Name').fill('Lighthouse Keepers');
  await page.getByRole('button', { name: 'Make this place' }).click();
  await expect(page.getByRole('heading', { name: 'Lighthouse Keepers' })).toBeVisible({ timeout: 30_000 });
  await expect(worn(page)).toBeVisible();
  await openPlace(ben, 'Lighthouse Keepers');
  await expect(worn(ben.page)).toBeVisible();
  expect(await worn(ben.page).getAttribute('src')).toMatch(
    new RegExp(`^${city.url}/[0-9a-f]{64}\\.\\w+\\?w=160$`),
  );
  const sizes = await Promise.all((await storedFiles(city)).map((file) => sharp(file).metadata()));
  expect(sizes).toContainEqual(expect.objectContaining({ format: 'webp', width: 512, height: 512 }));
});

test('while its picture is on the way, a changed place is not told of; both come when the network does', async () => {
  const { page, context } = ada;
  const before = await worn(ben.page).getAttribute('src');
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await context.setOffline(true);
  await choosePicture(page, 20);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Edit', exact: true })).toBeHidden({ timeout: 20_000 });
  expect(await worn(ben.page).getAttribute('src')).toBe(before);
  await context.setOffline(false);
  await expect(worn(ben.page)).not.toHaveAttribute('src', before ?? '', { timeout: 60_000 });
  await expect(worn(ben.page)).toBeVisible();
});

test('a profile waits for its picture’s upload, however long that takes', async () => {
  const { page, context } = ada;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let isHeld = false;
  await context.route('**/upload', async (route) => {
    isHeld = true;
    await held;
    await route.continue();
  });
  const frames: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => void frames.push(String(payload))),
  );
  await page.reload();
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await choosePicture(page, 120);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => isHeld).toBe(true);
  await page.waitForTimeout(2_000);
  const profiles = () => frames.filter((frame) => /^\["EVENT",.*"kind":0\b/.test(frame));
  expect(profiles()).toEqual([]);
  letGo();
  await expect.poll(() => profiles().length, { timeout: 30_000 }).toBe(1);
  const [hash] = /[0-9a-f]{64}(?=\.webp)/.exec(profiles()[0] ?? '') ?? [];
  const answer = await fetch(`${city.url}/${hash}`);
  expect(answer.status).toBe(200);
});

test('nobody’s page has thrown anything', () => {
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
