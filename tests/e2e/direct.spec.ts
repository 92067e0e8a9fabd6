/** Two people talk in private: sealed on the way, in order, kept after a reload; a third finds nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, PHONE, say } from './people.ts';
import type { Person } from './people.ts';
import { Client, makePerson } from '../support/client.ts';
import { joinCity, keyOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

let city: CityProcess;
let ada: Person;
let ben: Person;
let keys: Record<'ada' | 'ben', string>;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url, PHONE);
  for (const person of [ada, ben]) await joinCity(person);
  keys = { ada: await keyOf(ada), ben: await keyOf(ben) };
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

test('from a person’s card to the first word, and an answer', async () => {
  await ada.page.goto(`${city.url}/people/${keys.ben}`);
  await ada.page.getByRole('link', { name: 'Write privately' }).click();
  await expect(ada.page.getByText('Sealed to you and Ben Okafor')).toBeVisible();
  await expect(ada.page.getByText('Nobody but the people of this talk can read it')).toBeVisible();
  await say(ada, 'Nobody else reads this');
  await expect(lineOf(ada.page, 'Nobody else reads this').getByRole('img', { name: 'Sent' })).toBeAttached();
  await ben.page.getByRole('link', { name: /Messages/ }).click();
  // A stranger's first words make no sound and wait for an answer; she does not learn that they were read.
  await expect(ben.page.getByRole('link', { name: /Messages/ })).not.toContainText('1');
  await ben.page.getByRole('link', { name: 'Somebody new has written to you' }).click();
  await ben.page.getByRole('link', { name: /Ada Lind/ }).click();
  await expect(lineOf(ben.page, 'Nobody else reads this')).toBeVisible();
  await expect(ben.page.getByRole('textbox', { name: 'Write a line' })).toHaveCount(0);
  await ben.page.getByRole('button', { name: 'Accept' }).click();
  await say(ben, 'And nobody hears my answer');
  await expect(lineOf(ada.page, 'And nobody hears my answer')).toBeVisible();
});

test('who writes is seen to write, until it is said', async () => {
  await ben.page.getByRole('textbox', { name: 'Write a line' }).pressSequentially('Now I');
  await expect(ada.page.getByText('Ben Okafor is writing')).toBeVisible();
  await say(ben, 'Now I have said it');
  await expect(lineOf(ada.page, 'Now I have said it')).toBeVisible();
  await expect(ada.page.getByText('Ben Okafor is writing')).toHaveCount(0);
});

test('what was said goes from sent to read, and can be worded anew with its history', async () => {
  await say(ada, 'At seven at the quay');
  await expect(
    lineOf(ada.page, 'At seven at the quay').getByRole('img', { name: 'Read', exact: true }),
  ).toBeAttached();
  await ada.page.getByRole('textbox', { name: 'Write a line' }).press('ArrowUp');
  await expect(ada.page.getByText('Editing your line')).toBeVisible();
  await ada.page.getByRole('textbox', { name: 'Write a line' }).fill('At eight at the quay');
  await ada.page.keyboard.press('Enter');
  for (const { page } of [ada, ben]) await expect(lineOf(page, 'At eight at the quay')).toBeVisible();
  await expect(lineOf(ben.page, 'At seven at the quay')).toHaveCount(0);
  await lineOf(ben.page, 'At eight at the quay')
    .getByRole('button', { name: /^Edited/ })
    .click();
  const history = ben.page.getByRole('dialog');
  await expect(history.getByText('At seven at the quay')).toBeVisible();
  await history.getByRole('button', { name: 'Close' }).click();
});

test('the city holds wraps only, and gives them to nobody else', async () => {
  const eve = await Client.connect(city.relay);
  expect(await eve.prove(makePerson())).toBe(true);
  const found = await eve.find({ kinds: [GIFT_WRAP], '#p': [keys.ben] });
  expect(found).toEqual([]);
  eve.close();
});

test('after a reload everything is there', async () => {
  await ben.page.reload();
  await expect(lineOf(ben.page, 'Nobody else reads this')).toBeVisible();
  await expect(lineOf(ben.page, 'And nobody hears my answer')).toBeVisible();
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});

/** Megabytes of the sealed file; the soak sends 300. */
const SIZE = Number(process.env['SEALED_MB'] ?? 20);

/** What the file begins with: nobody else may find it. */
let beginning: Buffer;

/** A file that no pattern shortens, on the disk of whoever picks it; its SHA-256. */
const makeFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  for (let at = 0; at < SIZE; at++) {
    const bytes = randomBytes(1_000_000);
    if (at === 0) beginning = bytes.subarray(0, 64);
    hash.update(bytes);
    await file.write(bytes);
  }
  await file.close();
  return hash.digest('hex');
};

test('a file leaves sealed, outlives a cut and a reload, and comes whole to the other', async () => {
  test.setTimeout(60_000 + SIZE * 2_000);
  const folder = await mkdtemp(join(tmpdir(), 'sealed-'));
  const sent = await makeFile(join(folder, 'harbour film.bin'));
  const { page, context } = ada;
  await page.goto(`${city.url}/messages/${keys.ben}`);
  await page.locator('input[data-attach]').setInputFiles(join(folder, 'harbour film.bin'));
  await expect(page.getByText(/Sealed for Ben Okafor before it leaves/)).toBeVisible();
  await page.getByLabel('The city keeps it').selectOption({ label: 'for a day' });
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText(/Sealed for Ben Okafor before it leaves/)).toBeHidden();
  const sealed = () =>
    page.evaluate(async () => {
      let bytes = 0;
      const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
        for await (const entry of folder.values())
          // A piece may be put elsewhere while they are counted; it is looked at again in a moment.
          if (entry.kind === 'file') bytes += (await entry.getFile().catch(() => ({ size: 0 }))).size;
          else await walk(entry);
      };
      await walk(await navigator.storage.getDirectory());
      return bytes;
    });
  await expect.poll(sealed, { timeout: 30_000 + SIZE * 500 }).toBeGreaterThan(SIZE * 1_000_000);
  await page.waitForTimeout(1_500);
  await page.reload();
  await context.setOffline(false);
  const line = page.locator('article[data-line]', { hasText: 'harbour film.bin' });
  await expect(line).toBeVisible({ timeout: 30_000 + SIZE * 1_000 });

  await ben.page.goto(`${city.url}/messages/${keys.ada}`);
  const came = ben.page.locator('article[data-line]', { hasText: 'harbour film.bin' });
  await expect(came).toBeVisible();
  const download = ben.page.waitForEvent('download', { timeout: 30_000 + SIZE * 1_000 });
  await came.getByRole('button', { name: /Save/ }).click();
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(await (await download).path())) hash.update(bytes as Buffer);
  expect(hash.digest('hex')).toBe(sent);
  await rm(folder, { recursive: true });
});

test('nothing that the city stores is the file', async () => {
  const files = await readdir(city.folder, { recursive: true, withFileTypes: true });
  const blobs = files.filter((file) => file.isFile() && /^[0-9a-f]{64}/.test(file.name));
  expect(blobs.length).toBeGreaterThan(0);
  for (const { name, parentPath } of blobs)
    expect((await readFile(join(parentPath, name))).includes(beginning)).toBe(false);
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
