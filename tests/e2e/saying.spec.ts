/** What can be said besides words: commands, weights and code, voice notes; in private, so that all of it leaves sealed. */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, say } from './people.ts';
import type { Person } from './people.ts';
import config from './playwright.config.ts';
import { joinCity, keyOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });
const usual = config.use?.launchOptions ?? {};
test.use({
  launchOptions: {
    ...usual,
    // A microphone that beeps, and nobody to ask.
    args: [...(usual.args ?? []), '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

let city: CityProcess;
let ada: Person;
let ben: Person;
let keys: Record<'ada' | 'ben', string>;

test.beforeAll(async ({ browser }) => {
  city = await CityProcess.start({ pow: 'test' });
  ada = await arrive(browser, 'Ada Lind', city.url);
  ben = await arrive(browser, 'Ben Okafor', city.url);
  for (const person of [ada, ben]) await joinCity(person);
  keys = { ada: await keyOf(ada), ben: await keyOf(ben) };
  await ada.page.goto(`${city.url}/messages/${keys.ben}`);
  await say(ada, 'The first word');
  await ben.page.goto(`${city.url}/messages/${keys.ada}`);
  await ben.page.getByRole('button', { name: 'Accept' }).click();
  await expect(lineOf(ben.page, 'The first word')).toBeVisible();
});

test.afterAll(async () => {
  await ada?.context.close();
  await ben?.context.close();
  await city?.stop();
});

const field = (person: Person) => person.page.getByRole('textbox', { name: 'Write a line' });

test('commands are found while they are written; unknown ones are said, and nothing is sent', async () => {
  const { page } = ada;
  await field(ada).pressSequentially('/');
  const list = page.getByRole('listbox', { name: 'Commands' });
  await expect(list.getByRole('option')).toHaveCount(7);
  await field(ada).pressSequentially('m');
  await expect(list.getByRole('option')).toHaveCount(2);
  await field(ada).press('Enter');
  await expect(field(ada)).toHaveValue('/me ');
  await field(ada).pressSequentially('waves');
  await field(ada).press('Enter');
  await expect(lineOf(ben.page, 'waves')).toContainText(/Ada Lind\s+waves/);

  await field(ada).fill('/wave at everybody');
  await field(ada).press('Enter');
  await expect(page.getByRole('alert')).toContainText('There is no command /wave');
  await expect(field(ada)).toHaveValue('/wave at everybody');
  await field(ada).fill('//wave is no command');
  await field(ada).press('Enter');
  await expect(lineOf(ben.page, '/wave is no command')).toBeVisible();
  await expect(lineOf(ben.page, 'at everybody')).toHaveCount(0);

  await field(ada).fill('/mute');
  await field(ada).press('Enter');
  await expect(page.getByText('This conversation is muted. /unmute ends that.')).toBeVisible();
  await field(ada).fill('/unmute');
  await field(ada).press('Enter');
  await field(ada).fill('/search first');
  await field(ada).press('Enter');
  await expect(page.getByRole('option', { name: /The first word/ })).toBeVisible();
  await page.goto(`${city.url}/messages/${keys.ben}`);
});

test('weights, lists and code that can be copied; a line is as long as it may be and no longer', async () => {
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await say(ada, '**Bold** words\n- one\n- two\n```\nlet tea = 1;\n```', 'Bold words');
  const line = lineOf(ben.page, 'Bold words');
  await expect(line.locator('strong')).toHaveText('Bold');
  await expect(line.locator('li')).toHaveText(['one', 'two']);
  const own = lineOf(ada.page, 'Bold words');
  await own.getByRole('button', { name: 'Copy the code' }).click();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('let tea = 1;');

  await field(ada).fill('é'.repeat(10_001));
  await expect(ada.page.getByText('1 characters too many')).toBeVisible();
  await expect(ada.page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
  await field(ada).fill(`${'é'.repeat(9_990)} the end`);
  await field(ada).press('Enter');
  await expect(lineOf(ben.page, 'ééé').getByRole('button', { name: 'Show all of it' })).toBeVisible();
  await expect(lineOf(ada.page, 'ééé').getByRole('img', { name: /Sent|Delivered|Read/ })).toBeAttached();
});

test('a voice note is recorded, listened to, and played by the other; another is dropped', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Record a voice note' }).click();
  const recording = page.getByRole('group', { name: 'Recording a voice note' });
  await expect(recording.getByRole('timer')).toHaveText('0:01');
  await page.keyboard.press('Escape');
  await expect(recording).toBeHidden();
  await page.getByRole('button', { name: 'Record a voice note' }).click();
  await expect(recording.getByRole('timer')).toHaveText('0:02');
  await recording.getByRole('button', { name: /^Done/ }).click();
  await page.getByRole('button', { name: /^Play: Voice note/ }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const line = ben.page.locator('article[data-line]', { hasText: 'Voice note' });
  await expect(line).toBeVisible({ timeout: 30_000 });
  await expect(line.locator('.track svg')).toBeVisible();
  await line.getByRole('button', { name: /^Play/ }).click();
  await expect(line.getByRole('slider')).toBeEnabled();
  await line.getByRole('button', { name: /1×/ }).or(line.getByText('1×')).click();
  await expect(line.getByText('1.5×')).toBeVisible();
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
