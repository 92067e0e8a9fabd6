/** Nothing that was written or read lies readable in the browser's files: words that are nowhere else are looked for in all of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ChromiumProcess } from './chromium-process.ts';
import { CityProcess } from './city-process.ts';
import { actOn, arrive, lineOf, openPlace, say, signUp } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, makePlace } from './settling.ts';

let city: CityProcess;
let folder: string;
let browser: ChromiumProcess | undefined;
test.beforeAll(async () => {
  city = await CityProcess.start({ pow: 'test' });
});
test.afterAll(() => city?.stop());
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canary-'));
});
test.afterEach(async () => {
  await browser?.kill().catch(() => undefined);
  browser = undefined;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A word by chance: compressing cannot take it apart, and nobody else says it. */
const canary = (name: string): string =>
  `${name}${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')}`;

const filesUnder = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Which of these words lie in which files, in UTF-8 or UTF-16. */
const findIn = async (path: string, words: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  for (const file of await filesUnder(path)) {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    for (const word of words)
      for (const encoding of ['utf8', 'utf16le'] as const)
        if (bytes.includes(Buffer.from(word, encoding)))
          found.push(`${word} (${encoding}) in ${file.slice(path.length)}`);
  }
  return found;
};

const arriveIn = async (process: ChromiumProcess, name: string): Promise<Person> => {
  const page = await process.context.newPage();
  await page.goto(city.url);
  return { name, context: process.context, page, faults: [] };
};

test('the search for words in files finds what lies there', async () => {
  const words = { plain: canary('plain'), local: canary('local'), wide: `Ω${canary('wide')}` };
  browser = await ChromiumProcess.start(folder);
  const { page } = await arriveIn(browser, 'Nobody');
  await page.evaluate(
    ({ plain, local, wide }) =>
      new Promise<void>((resolve, reject) => {
        localStorage.setItem('canary', local);
        const request = indexedDB.open('canary', 1);
        request.onerror = () => reject(new Error('not opened'));
        request.onupgradeneeded = () => request.result.createObjectStore('words');
        request.onsuccess = () => {
          const transaction = request.result.transaction('words', 'readwrite');
          transaction.objectStore('words').put({ plain, wide }, 1);
          transaction.oncomplete = () => resolve();
        };
      }),
    words,
  );
  await browser.quit();
  const found = await findIn(folder, Object.values(words));
  for (const word of Object.values(words)) expect(found.some((one) => one.startsWith(word))).toBe(true);
});

test('nothing that is said, named, set, searched or heard can be read in the browser’s files', async ({
  browser: elsewhere,
}) => {
  test.setTimeout(240_000);
  const words = {
    name: canary('name'),
    about: canary('about'),
    passphrase: canary('pass phrase '),
    place: canary('Place'),
    description: canary('description'),
    line: canary('line'),
    wide: `Ωmega ${canary('wide')}`,
    reply: canary('reply'),
    gone: canary('gone'),
    draft: canary('draft'),
    heard: canary('heard'),
    tiles: canary('tiles').toLowerCase(),
    search: canary('search'),
    finding: canary('finding'),
  };
  browser = await ChromiumProcess.start(folder);
  const ada = await arriveIn(browser, words.name);
  const { page } = ada;
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('button', { name: 'Join the conversation' }).click();
  await signUp(ada, words.passphrase);
  await page.getByLabel('About').fill(words.about);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Show streets' }).check({ force: true });
  const tiles = page.getByLabel('Address of the street map');
  await tiles.fill(`https://${words.tiles}.test/{z}/{x}/{y}.png`);
  await page.getByRole('button', { name: 'Use this address' }).click();
  await page.goto(city.url);
  await makePlace(ada, { name: words.place, about: words.description });
  await say(ada, words.line);
  await say(ada, words.wide);
  await lineOf(page, words.line).first().hover();
  await lineOf(page, words.line).first().getByRole('button', { name: 'Reply' }).click();
  await say(ada, words.reply);
  await say(ada, words.gone);
  await actOn(ada, words.gone, 'Delete for everyone');
  await expect(page.getByText(words.gone)).toHaveCount(0);

  const ben = await arrive(elsewhere, 'Ben Okafor', city.url);
  await joinCity(ben);
  await ben.page.getByRole('link', { name: 'Map', exact: true }).click();
  await openPlace(ben, words.place);
  await say(ben, words.heard);
  await expect(page.getByText(words.heard).first()).toBeVisible();
  await ben.context.close();

  const composer = page.getByRole('textbox', { name: 'Write a line' });
  await composer.fill(words.draft);
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await page.getByRole('combobox', { name: 'Find a place or city' }).fill(words.search);
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await page.goto(`${city.url}/search`);
  const finding = page.getByRole('searchbox').or(page.getByRole('combobox')).first();
  await finding.fill(words.finding);
  await page.waitForTimeout(6000);
  expect(await findIn(folder, Object.values(words))).toEqual([]);
  await browser.quit();
  expect(await findIn(folder, Object.values(words))).toEqual([]);

  // Another life of the browser opens all of it, so it is there.
  browser = await ChromiumProcess.start(folder);
  const again = await arriveIn(browser, words.name);
  await again.page.getByRole('link', { name: 'Messages', exact: true }).click();
  await again.page.getByText(words.place).first().click();
  for (const word of [words.line, words.wide, words.reply, words.heard])
    await expect(again.page.getByText(word).first()).toBeVisible();
  await expect(again.page.getByRole('textbox', { name: 'Write a line' })).toHaveValue(words.draft);
  await browser.quit();
  expect(await findIn(folder, Object.values(words))).toEqual([]);
});
