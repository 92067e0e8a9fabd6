/** The store's promises when things end badly: a browser killed in the middle of writing, tabs that come and go. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { ChromiumProcess } from './chromium-process.ts';
import { CityProcess } from './city-process.ts';
import { StoreTab } from './store-harness.ts';

/** Lives of a browser that are cut off; `npm run soak` has a hundred. */
const KILLS = Number(process.env['SOAK_KILLS'] ?? 4);
const GROUP = 'harbour';

let city: CityProcess;
let folder: string;
test.beforeAll(async () => {
  city = await CityProcess.start({ pow: 'test' });
});
test.afterAll(() => city?.stop());
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test(`nothing acknowledged is lost in ${KILLS} browsers killed while they write`, async () => {
  test.setTimeout(60_000 + KILLS * 30_000);
  const acked = new Set<number>();
  let next = 1;
  for (let life = 0; life < KILLS; life++) {
    const browser = await ChromiumProcess.start(folder);
    const tab = await StoreTab.open(browser.context, city, 'a'.repeat(32));
    const there = await tab.call('numbersIn', GROUP);
    expect(
      [...acked].filter((n) => !there.includes(n)),
      `life ${life}`,
    ).toEqual([]);
    // Cut off wherever it happens to be: in the first write, in a checkpoint, in the middle of thousands.
    const writing = tab.call('writeLines', next, next + 100_000, GROUP).catch(() => undefined);
    await pause(20 + Math.random() * 1500);
    await browser.kill();
    await writing;
    for (const n of tab.acked) acked.add(n);
    next = Math.max(next, ...tab.acked) + 1000;
  }
  expect(acked.size).toBeGreaterThan(KILLS);
  const browser = await ChromiumProcess.start(folder);
  const tab = await StoreTab.open(browser.context, city, 'a'.repeat(32));
  const there = new Set(await tab.call('numbersIn', GROUP));
  expect([...acked].filter((n) => !there.has(n))).toEqual([]);
  const live = await tab.call('rowsIn', GROUP);
  await tab.call('rebuild');
  expect(await tab.call('rowsIn', GROUP)).toEqual(live);
  console.warn(`${KILLS} killed; ${acked.size} events acknowledged, ${there.size} there, 0 lost`);
  await browser.quit();
});

test('four tabs write at once into one log without gaps', async () => {
  const browser = await ChromiumProcess.start(folder);
  const tabs = [];
  for (let n = 0; n < 4; n++) tabs.push(await StoreTab.open(browser.context, city, 'b'.repeat(32)));
  await Promise.all(tabs.map((tab, at) => tab.call('writeLines', at * 1000, at * 1000 + 250, GROUP)));
  const wanted = tabs.flatMap((_, at) => Array.from({ length: 250 }, (__, n) => at * 1000 + n));
  for (const tab of tabs) expect(await tab.call('numbersIn', GROUP)).toEqual(wanted);
  const [first] = tabs;
  const live = await first?.call('rowsIn', GROUP);
  await first?.call('rebuild');
  expect(await tabs[3]?.call('rowsIn', GROUP)).toEqual(live);
  await browser.quit();
});

test('when the leading tab ends, the next one answers within a quarter of a second', async () => {
  const browser = await ChromiumProcess.start(folder);
  const times: number[] = [];
  const tabs = [];
  for (let n = 0; n < 5; n++) tabs.push(await StoreTab.open(browser.context, city, 'c'.repeat(32)));
  await tabs[0]?.call('writeLines', 0, 500, GROUP);
  while (tabs.length > 1) {
    const [leader, next] = tabs;
    if (!leader || !next) break;
    const session = await browser.context.newCDPSession(leader.page);
    void session.send('Page.crash').catch(() => undefined);
    tabs.shift();
    await leader.page.waitForEvent('crash');
    times.push(await next.call('askOnce', GROUP));
    expect(await next.call('numbersIn', GROUP)).toHaveLength(500);
  }
  console.warn(`taken over in ${times.map((time) => Math.round(time)).join(', ')} ms`);
  await browser.quit();
});
