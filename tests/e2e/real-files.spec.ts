/** Files as phones and programs make them: what they tell of place and maker stays behind, and they are still what they were. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import exifr from 'exifr';
import sharp from 'sharp';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';
import { storedFiles } from './stored-files.ts';

let city: CityProcess;
let ada: Person;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  await joinCity(ada);
  await makePlace(ada, { name: 'Lighthouse Keepers' });
});

test.afterAll(async () => {
  await ada?.context.close();
  await city?.stop();
});

const real = (name: string): Promise<Buffer> => readFile(new URL(`files/real/${name}`, import.meta.url));
const tray = (page: Page): Locator => page.getByRole('region', { name: 'Files to send' });
const latin = (bytes: Buffer): string => bytes.toString('latin1');

const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Write a line' });

/** A PDF of these pages, each with one word; 400 × 300 points. */
const pdfOf = (words: readonly string[]): Buffer => {
  const kids = words.map((_, at) => `${4 + at * 2} 0 R`).join(' ');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids}]/Count ${words.length}/MediaBox[0 0 400 300]>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...words.flatMap((word, at) => {
      const drawn = `BT /F 48 Tf 60 140 Td (${word}) Tj ET 0 0 1 rg 0 0 400 40 re f`;
      return [
        `<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents ${5 + at * 2} 0 R>>`,
        `<</Length ${drawn.length}>>stream\n${drawn}\nendstream`,
      ];
    }),
  ];
  const body = objects.map((each, at) => `${at + 1} 0 obj\n${each}\nendobj\n`).join('');
  return Buffer.from(`%PDF-1.4\n${body}trailer<</Root 1 0 R>>\n%%EOF`, 'latin1');
};

/** Sends a file with a line, and gives the line and what the city stored for it. */
const sent = async (
  words: string,
  name: string,
  buffer: Buffer,
): Promise<{ line: Locator; files: Buffer[] }> => {
  const { page } = ada;
  const before = new Set((await storedFiles(city)).map((file) => latin(file)));
  // The type is left to what is in it: pickers often do not know.
  await page
    .locator('input[data-attach]')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await composer(page).fill(words);
  const send = page.getByRole('button', { name: 'Send', exact: true });
  await expect(send).toBeEnabled({ timeout: 60_000 });
  await send.click();
  const line = lineOf(page, words);
  await expect(line.getByRole('img', { name: 'Sent', exact: true })).toBeAttached({ timeout: 60_000 });
  const files = (await storedFiles(city)).filter((file) => !before.has(latin(file)));
  expect(files.length).toBeGreaterThan(0);
  return { line, files };
};

test('a HEIC photo comes out as JPEG, upright, without its place and its camera', async () => {
  const before = await real('phone.heic');
  expect(latin(before)).toContain('Brass & Sons');
  const tiff = before.subarray(
    before.findIndex((_, at) => /^(MM\0\*|II\*\0)/.test(latin(before.subarray(at, at + 4)))),
  );
  expect(await exifr.gps(tiff)).toMatchObject({ latitude: 52.5 });
  const { files } = await sent('From the phone', 'IMG_0001.HEIC', before);
  for (const file of files) {
    expect(await exifr.parse(file, { tiff: true, xmp: true, iptc: true })).toBeUndefined();
    expect(latin(file)).not.toMatch(/Brass|Secret|Exif/);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([320, 480]);
    // Red lay left; turned to the right it is above.
    const at = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * info.channels).subarray(0, 3),
    ];
    const [above, below] = [at(160, 60), at(160, 420)];
    expect((above[0] ?? 0) > 150 && (above[2] ?? 255) < 90).toBe(true);
    expect((below[2] ?? 0) > 150 && (below[0] ?? 255) < 90).toBe(true);
  }
});

const XYZ = '\xa9xyz';

test('a video of a phone loses its place and its title, and plays', async () => {
  const before = latin(await real('phone.mov'));
  for (const told of [XYZ, '+52.5', 'Secret trip', 'Lavf']) expect(before).toContain(told);
  const { line, files } = await sent('The trip', 'IMG_0002.MOV', await real('phone.mov'));
  for (const file of files)
    for (const told of [XYZ, '+52.5', '+13.4', 'Secret', 'Lavf']) expect(latin(file)).not.toContain(told);
  await line.getByRole('button', { name: /^Play/ }).click();
  await expect
    .poll(() => line.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(0.2);
});

test('a WebM loses its title and plays', async () => {
  expect(latin(await real('film.webm'))).toContain('Secret trip');
  const { line, files } = await sent('The clip', 'film.webm', await real('film.webm'));
  for (const file of files) expect(latin(file)).not.toMatch(/Secret|Lavf/);
  await line.getByRole('button', { name: /^Play/ }).click();
  await expect
    .poll(() => line.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(0.2);
});

for (const name of ['song.mp3', 'song.m4a'])
  test(`${name} loses its title and its cover, and plays`, async () => {
    expect(latin(await real(name))).toMatch(/Secret song[^]*JFIF|JFIF[^]*Secret song/);
    const { line, files } = await sent(`Heard in ${name}`, name, await real(name));
    for (const file of files) expect(latin(file)).not.toMatch(/Secret|JFIF|Lavf/);
    await line.getByRole('button', { name: /^Play/ }).click();
    await expect(line.getByRole('button', { name: 'Pause' })).toBeVisible();
  });

test('a giant picture of one colour becomes small, and the page lives on', async () => {
  const background = { r: 20, g: 120, b: 90 };
  const giant = await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background } })
    .png()
    .toBuffer();
  const { files } = await sent('A wall', 'wall.png', giant);
  const sizes = await Promise.all(files.map(async (file) => (await sharp(file).metadata()).width));
  expect(Math.max(...sizes)).toBe(4_096);
  // One whose header lies is refused with words.
  const liar = Buffer.from(giant);
  liar.writeUInt32BE(400_000, 16);
  const { page } = ada;
  await page
    .locator('input[data-attach]')
    .setInputFiles({ name: 'liar.png', mimeType: 'image/png', buffer: liar });
  await expect(tray(page).getByRole('alert')).toContainText('more pixels than this device can safely open');
  await tray(page).getByRole('button', { name: 'Remove liar.png' }).click();
});

test('a document opens page by page, grows and shrinks, and gives the focus back', async () => {
  const { page } = ada;
  const { line } = await sent('The plan', 'plan.pdf', pdfOf(['First', 'Second']));
  const card = line.getByRole('button', { name: 'Open plan.pdf' });
  await card.focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'plan.pdf' });
  await expect(viewer.getByText('Page 1 of 2', { exact: true })).toBeVisible();
  const first = viewer.getByRole('img', { name: 'Page 1 of 2' });
  await expect(first).toBeVisible();
  await expect(viewer.getByText('First')).toBeAttached();
  // The blue stripe at its foot: something is drawn.
  const blue = (canvas: HTMLCanvasElement) =>
    canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height - 8, 1, 1).data[2];
  expect(await first.evaluate(blue)).toBe(255);
  const before = (await first.boundingBox())?.width ?? 0;
  await page.keyboard.press('+');
  await expect.poll(async () => (await first.boundingBox())?.width).toBeCloseTo(before * 1.25, 0);
  await viewer.getByRole('button', { name: 'Smaller' }).click();
  await expect.poll(async () => (await first.boundingBox())?.width).toBeCloseTo(before, 0);
  await viewer.getByRole('region', { name: 'Pages' }).focus();
  await page.keyboard.press('End');
  await expect(viewer.getByText('Page 2 of 2', { exact: true })).toBeVisible();
  await expect(viewer.getByText('Second')).toBeAttached();
  const saved = page.waitForEvent('download');
  await viewer.getByRole('button', { name: 'Save' }).click();
  expect((await saved).suggestedFilename()).toBe('plan.pdf');
  await page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(card).toBeFocused();
});

test('a document that cannot be read says so', async () => {
  const { page } = ada;
  const { line } = await sent('The ruin', 'ruin.pdf', Buffer.from('%PDF-1.4\nnothing of it is left'));
  await line.getByRole('button', { name: 'Open ruin.pdf' }).click();
  const viewer = page.getByRole('dialog', { name: 'ruin.pdf' });
  await expect(viewer.getByRole('alert')).toContainText("It can't be read");
  await viewer.getByRole('button', { name: 'Close' }).click();
  await expect(viewer).toBeHidden();
});

test('nobody’s page has thrown anything', () => {
  expect(ada.faults).toEqual([]);
});
