/** Files on their way into a place: stripped before they leave, pasted, dropped, queued while the network is away. */
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import exifr from 'exifr';
import sharp from 'sharp';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, openPlace } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';
import { storedFiles } from './stored-files.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  await makePlace(ada, { name: 'Lighthouse Keepers' });
  ben = await arrive(browser, 'Ben Roth', city.url);
  await openPlace(ben, 'Lighthouse Keepers');
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

/** A picture with a place, a camera and a side that is up, as a phone makes it. */
const photo = (red: number): Promise<Buffer> =>
  sharp({ create: { width: 1600, height: 1200, channels: 3, background: { r: red, g: 90, b: 120 } } })
    .withExif({
      IFD0: { Make: 'Brass & Sons', Model: 'Secret 7' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 0/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();

const stored = (): Promise<Buffer[]> => storedFiles(city);

const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Write a line' });
const tray = (page: Page): Locator => page.getByRole('region', { name: 'Files to send' });
const send = (page: Page): Locator => page.getByRole('button', { name: 'Send', exact: true });

const attach = async (page: Page, name: string, red: number): Promise<void> => {
  const file = { name, mimeType: 'image/jpeg', buffer: await photo(red) };
  await page.locator('input[data-attach]').setInputFiles([file]);
  await expect(tray(page).getByRole('listitem').filter({ hasText: name })).toBeVisible();
};

test('a photo leaves without its place and its camera, upright, with its words', async () => {
  const { page } = ada;
  const before = await exifr.parse(await photo(200), { gps: true });
  expect(before).toMatchObject({ Make: 'Brass & Sons', latitude: 52.5 });
  await attach(page, 'boat.jpg', 200);
  await expect(tray(page).getByText('Place and camera were taken off')).toBeVisible();
  await tray(page).getByRole('button', { name: 'Describe it for people' }).click();
  await tray(page).getByLabel('Describe it for people').fill('A red boat at the quay');
  await page.keyboard.press('Enter');
  await composer(page).fill('Look at this');
  await send(page).click();
  await expect(
    lineOf(page, 'Look at this').getByRole('button', { name: 'A red boat at the quay' }),
  ).toBeVisible();
  await expect(tray(page)).toBeHidden();
  await expect(
    lineOf(ben.page, 'Look at this').getByRole('button', { name: 'A red boat at the quay' }),
  ).toBeVisible();
  const files = await stored();
  expect(files.length).toBeGreaterThanOrEqual(2);
  const sizes = new Set<number>();
  for (const file of files) {
    const { format, width = 0, height } = await sharp(file).metadata();
    sizes.add(width);
    expect([format, height]).toEqual(['jpeg', (width / 3) * 4]);
    expect(file.includes('Brass & Sons')).toBe(false);
    expect(await exifr.parse(file, { tiff: true, xmp: true, icc: true, iptc: true })).toBeUndefined();
  }
  expect([...sizes].sort()).toEqual([1200, 480]);
});

test('what is pasted lies in the tray; a line may have no words; the order is the person’s', async () => {
  const { page } = ada;
  const pictures = await Promise.all([photo(20), photo(40)]);
  await composer(page).evaluate(
    (field, all) => {
      const data = new DataTransfer();
      for (const [at, base64] of all.entries()) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], `pasted ${at + 1}.jpg`, { type: 'image/jpeg' }));
      }
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    },
    pictures.map((picture) => picture.toString('base64')),
  );
  const rows = tray(page).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByRole('button', { name: /^Move/ }).press('ArrowUp');
  await expect(rows.first()).toContainText('pasted 2.jpg');
  const lines = page.locator('article[data-line]');
  const count = await lines.count();
  await expect(send(page)).toBeEnabled();
  await composer(page).press('Enter');
  await expect(lines).toHaveCount(count + 1);
  const tiles = lines.last().getByRole('button', { name: /^Picture \d of 2/ });
  await expect(tiles).toHaveCount(2);
  // Without words beside them they have their size all the same.
  for (const tile of await tiles.all()) expect((await tile.boundingBox())?.width).toBeGreaterThan(100);
});

test('a drawing that could run something is refused with a sentence, and holds the line', async () => {
  const { page } = ada;
  const svg = {
    name: 'plan.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  };
  await page.locator('input[data-attach]').setInputFiles([svg]);
  await expect(tray(page).getByRole('alert')).toContainText('Save it as PNG');
  await composer(page).fill('never without it');
  await expect(send(page)).toBeDisabled();
  await tray(page).getByRole('button', { name: 'Remove plan.svg' }).click();
  await expect(send(page)).toBeEnabled();
  await composer(page).fill('');
});

test('without a network the line waits with its photo, and both arrive when it is back', async () => {
  const { page, context } = ada;
  // The worker that prepares was started by the first photo; nothing has to be fetched for the next.
  await attach(page, 'warm.jpg', 60);
  await tray(page).getByRole('button', { name: 'Remove warm.jpg' }).click();
  const before = (await stored()).length;
  await context.setOffline(true);
  await attach(page, 'night.jpg', 90);
  await composer(page).fill('Seen at night');
  await send(page).click();
  await expect(lineOf(page, 'Seen at night')).toBeVisible();
  await expect(lineOf(ben.page, 'Seen at night')).toHaveCount(0);
  expect((await stored()).length).toBe(before);
  await context.setOffline(false);
  await expect(lineOf(ben.page, 'Seen at night').getByRole('button', { name: /Open it large/ })).toBeVisible({
    timeout: 60_000,
  });
  expect((await stored()).length).toBeGreaterThan(before);
});

test('a face is chosen, cropped and worn', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page
    .locator('input[data-picture]')
    .setInputFiles([{ name: 'me.jpg', mimeType: 'image/jpeg', buffer: await photo(120) }]);
  const crop = page.getByRole('dialog', { name: 'Choose what is seen' });
  await crop.getByRole('application').press('+');
  await crop.getByRole('application').press('ArrowLeft');
  await crop.getByRole('button', { name: 'Use this picture' }).click();
  await expect(crop).toBeHidden();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(async () => {
    const sizes = await Promise.all((await stored()).map((file) => sharp(file).metadata()));
    expect(sizes).toContainEqual(expect.objectContaining({ format: 'webp', width: 512, height: 512 }));
  }).toPass({ timeout: 20_000 });
});

test('nobody’s page has thrown anything', () => {
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
