/**
 * A year of talk: kept on the device page by page, found by a word, read in its place, scrolled without a jump.
 * `SOAK_LINES=100000` does the same with so many lines and prints what it took; `SOAK_CITY=http://…`: in a city that has them.
 */
import { expect, test } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf } from './people.ts';
import type { Person } from './people.ts';
import { longTasks, noteLongTasks, watchLoads } from './scrolling-page.ts';

const LINES = Number(process.env['SOAK_LINES'] ?? 3000);
const isSoak = LINES > 3000;
/** Milliseconds: some hundred lines a second are the least. */
const PATIENCE = 30_000 + LINES * 12;
const LOADS = isSoak ? 60 : 5;

test.describe.configure({ mode: 'serial', timeout: 2 * PATIENCE });

/** A city that is filled already. */
const ready = process.env['SOAK_CITY'];

let city: CityProcess | undefined;
let url: string;
let ada: Person;
const place = `harbour-${LINES}`;
const tell = (what: string, value: number | string): void => {
  if (isSoak) process.stdout.write(`${what}: ${typeof value === 'number' ? Math.round(value) : value}\n`);
};

const fillCity = async (): Promise<string> => {
  const filled = await CityProcess.start({ pow: 'test', env: { DEMO_LINES: String(LINES) } });
  city = filled;
  await expect.poll(() => filled.output, { timeout: PATIENCE }).toContain('The old harbour is full');
  return filled.url;
};

test.beforeAll(async ({ browser }, info) => {
  info.setTimeout(PATIENCE);
  url = ready ?? (await fillCity());
  ada = await arrive(browser, 'Ada Lind', `${url}/g/${place}`);
});
test.afterAll(async () => {
  await ada?.context.close();
  await city?.stop();
});

const keeping = () => ada.page.locator('[data-keeping]');

test('everything said in a place is kept, with how far it is, and goes on after a reload', async () => {
  await expect(ada.page.getByRole('heading', { name: 'Altona Old Harbour' })).toBeVisible();
  await expect(ada.page.locator('article[data-line]').first()).toBeVisible();
  await noteLongTasks(ada.page);
  await ada.page.getByRole('tab', { name: 'About' }).click();
  const begun = Date.now();
  await ada.page.getByRole('button', { name: 'Keep everything said here on this device' }).click();
  await expect(keeping()).toContainText(/lines, back to/);
  await ada.page.reload();
  await ada.page.getByRole('tab', { name: 'About' }).click();
  await noteLongTasks(ada.page);
  await expect(keeping()).toHaveAttribute('data-keeping', 'done', { timeout: PATIENCE });
  const seconds = (Date.now() - begun) / 1000;
  await expect(keeping()).toContainText(`${LINES.toLocaleString('en')} lines`);
  tell('seconds to keep everything', seconds);
  tell('lines a second', LINES / seconds);
  const tasks = await longTasks(ada.page);
  tell('tasks over 50 ms meanwhile', tasks.length);
  tell('longest task, ms', Math.max(0, ...tasks));
});

test('a word from last year is found, and its line stands marked in its place', async () => {
  const asked = Date.now();
  await ada.page.goto(`${url}/search?q=barometer`);
  const hit = ada.page
    .getByRole('listbox', { name: 'What was found' })
    .getByRole('option')
    .filter({ hasText: 'fell off its nail' });
  await expect(hit).toHaveCount(1);
  tell('ms from the address to what was found, a cold start', Date.now() - asked);
  await expect(hit.locator('mark')).toHaveText('barometer');
  await hit.click();
  const line = lineOf(ada.page, 'The barometer in the net loft fell off its nail').first();
  await expect(line).toBeInViewport();
  await expect(line).toBeFocused();
  await expect(lineOf(ada.page, 'It said that in the flood too')).toBeVisible();
  await expect(ada.page).toHaveURL(new RegExp(`/g/${place}\\?line=[0-9a-f]{64}`));
});

test('lines that come and go around what is read do not move it', async () => {
  for (const way of ['up', 'down', 'up'] as const) {
    const moves = await watchLoads(ada.page, way, LOADS);
    expect(moves.length).toBeGreaterThan(2);
    for (const { moved, drawn } of moves) {
      expect(moved).toBeLessThanOrEqual(1);
      expect(drawn).toBeLessThanOrEqual(240);
    }
    const most = (what: 'moved' | 'below') => Math.max(...moves.map((move) => move[what])).toFixed(1);
    tell(`${way}: loads, most px moved, further down`, `${moves.length}, ${most('moved')}, ${most('below')}`);
  }
});

test('a month is gone to by its name, and the newest line by a press', async () => {
  await ada.page.getByRole('button', { name: 'To the newest line' }).click();
  const pill = ada.page.getByRole('button', { name: /Go to another day$/ });
  await pill.click();
  const picker = ada.page.getByRole('dialog', { name: 'Go to' });
  const spring = new Date(Date.now() - 200 * 86_400_000);
  const month = new Intl.DateTimeFormat('en', { month: 'long' }).format(spring);
  await picker.getByRole('button', { name: `${month} ${spring.getFullYear()}` }).click();
  await expect(picker).toBeHidden();
  await expect(pill).toContainText(new RegExp(`\\b1 ${month}|${month} 1\\b`));
  await ada.page.getByRole('button', { name: 'To the newest line' }).click();
  await expect(pill).toContainText(/Today|Yesterday/);
  expect(ada.faults).toEqual([]);
});
