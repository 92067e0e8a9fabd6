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
