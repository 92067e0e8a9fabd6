/** A talk by keyboard alone, and as a screen reader has it: what Chromium's accessibility tree says of the timeline. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { CityProcess } from './city-process.ts';
import { arrive, lineOf, say } from './people.ts';
import type { Person } from './people.ts';
import { joinCity, keyOf } from './settling.ts';

test.describe.configure({ mode: 'serial' });

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

const field = (page: Page) => page.getByRole('textbox', { name: 'Write a line' });
const focused = (page: Page) => page.locator(':focus');

/** Presses keys where the focus is. */
const press = async (page: Page, ...all: string[]): Promise<void> => {
  for (const key of all) await page.keyboard.press(key);
};

/** From anywhere to the line in the timeline that Tab would reach. */
const toTimeline = async (page: Page): Promise<void> => {
  await expect(async () => {
    await page.keyboard.press('F6');
    await expect(focused(page)).toHaveAttribute('data-line', /.+/, { timeout: 200 });
  }).toPass();
};

/** With arrows to a line. */
const toLine = async (page: Page, text: string): Promise<void> => {
  await page.keyboard.press('End');
  for (let step = 0; step < 20 && !(await focused(page).innerText()).includes(text); step++)
    await page.keyboard.press('ArrowUp');
  await expect(focused(page)).toContainText(text);
};

test('F6 goes round the regions of the screen, and the timeline is one stop of Tab', async () => {
  const { page } = ada;
  await field(page).focus();
  await toTimeline(page);
  await expect(page.locator('[data-line][tabindex="0"]')).toHaveCount(1);
  await press(page, 'F6');
  await expect(field(page)).toBeFocused();
  await press(page, 'Shift+F6');
  await expect(focused(page)).toHaveAttribute('data-line', /.+/);
  await press(page, 'Escape');
  await expect(field(page)).toBeFocused();
});

test('read, answer, react, edit and delete without a pointer', async () => {
  const { page } = ada;
  for (const text of ['Bread is out', 'Shall I bring some?']) await say(ben, text);
  await expect(lineOf(page, 'Shall I bring some?')).toBeVisible();
  await toTimeline(page);
  await toLine(page, 'Shall I bring some?');

  await press(page, 'r');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('Two loaves, please');
  await press(page, 'Enter');
  await expect(lineOf(ben.page, 'Two loaves, please')).toBeVisible();

  await toTimeline(page);
  await toLine(page, 'Bread is out');
  await press(page, 'Enter');
  await expect(focused(page)).toHaveAccessibleName('React');
  await press(page, 'Enter');
  await expect(focused(page)).toHaveAccessibleName(/^React with/);
  await press(page, 'Enter');
  await expect(lineOf(ben.page, 'Bread is out').getByRole('button', { name: /Ada Lind/ })).toBeVisible();
  await expect(focused(page)).toHaveAttribute('data-line', /.+/);

  await toLine(page, 'Two loaves, please');
  await press(page, 'e');
  await expect(page.getByText('Editing your line')).toBeVisible();
  await expect(field(page)).toBeFocused();
  await press(page, 'Control+A');
  await page.keyboard.type('Three loaves, please');
  await press(page, 'Enter');
  await expect(lineOf(ben.page, 'Three loaves, please')).toBeVisible();

  await say(ada, 'Never mind this');
  await toTimeline(page);
  await toLine(page, 'Never mind this');
  await press(page, 'Enter', 'End', 'Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await press(page, 'End', 'Enter');
  await expect(lineOf(page, 'Never mind this')).toHaveCount(0);
  // Where the line went, its neighbour has the focus: nothing is lost.
  await expect(focused(page)).toHaveAttribute('data-line', /.+/);
});

test('n goes to what is new, one line after the other, then to the next conversation', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  // How far somebody has read is known to the second, and clocks differ by one.
  await page.waitForTimeout(3_000);
  for (const text of ['New one', 'New two']) await say(ben, text);
  await expect(page.getByRole('link', { name: /Messages/ })).toContainText('2');
  await page.locator('body').press('n');
  await expect(lineOf(page, 'New two')).toBeVisible();
  await toTimeline(page);
  await press(page, 'Home');
  await press(page, 'n');
  await expect(focused(page)).toContainText(/New one|Bread is out/);
  await toLine(page, 'New one');
  await press(page, 'n');
  await expect(focused(page)).toContainText('New two');
  await press(page, 'n');
  await expect(page.getByText('Nothing new anywhere.')).toBeVisible();
  await press(page, '?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  await expect(list.getByText('Next part of the screen')).toBeVisible();
  await press(page, 'Escape');
  await expect(list).toBeHidden();
});

test('new lines are told of politely, a flood as a number', async () => {
  const told = ada.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const region = document.querySelector('[data-region] [aria-live=polite]');
        const said: string[] = [];
        if (region)
          new MutationObserver(() => {
            said.push(region.textContent ?? '');
            if (said.join(' ').includes('new lines') || said.length > 3) resolve(said);
          }).observe(region, { childList: true, characterData: true, subtree: true });
      }),
  );
  await say(ben, 'Listen');
  for (let line = 1; line <= 5; line++) {
    await field(ben.page).fill(`Flood ${line}`);
    await field(ben.page).press('Enter');
  }
  const said = await told;
  expect(said[0]).toContain('Ben Okafor: Listen');
  expect(said.join('\n')).toMatch(/\d new lines/);
});

test('the tree that readers walk: days, lines with all that they are, no faults', async () => {
  const { page } = ada;
  const log = page.getByRole('log', { name: 'Conversation' });
  await expect(log.getByRole('heading', { name: 'Today' })).toBeVisible();
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const named = nodes.flatMap(({ role, name }) =>
    role?.value === 'article' && typeof name?.value === 'string' ? [name.value] : [],
  );
  const label = (words: string) => named.find((name) => name.includes(words)) ?? '';
  expect(label('Bread is out')).toMatch(/^Ben Okafor, .*\d.*\. Bread is out\. Reactions: .+ 1\.$/);
  expect(label('Three loaves')).toMatch(
    /^Ada Lind, .+ Answer to Ben Okafor: Shall I bring some\? Three loaves, please\. edited\. (Sent|Delivered|Read)\.$/,
  );
  expect(named.some((name) => name.includes('Never mind this'))).toBe(false);
  const axe = await new AxeBuilder({ page }).include('.conversation').analyze();
  expect(axe.violations.map(({ id, nodes: at }) => `${id}: ${at[0]?.html}`)).toEqual([]);
  expect([...ada.faults, ...ben.faults]).toEqual([]);
});
