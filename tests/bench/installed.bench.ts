/** The installed app: how fast it opens offline from the home screen on a slow phone, what its first load weighs, what Lighthouse says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { BrowserContext, Page } from 'playwright';
import { CityProcess } from '../e2e/city-process.ts';
import { judge } from './installed-judge.ts';
import type { Verdict } from './installed-judge.ts';
import { BROWSER_FLAGS, atLeast, atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const STARTS = 9;
const SLOWDOWN = 4;
const LIGHTHOUSE_ROUNDS = 3;
const LEAST_SCORE = 95;
/** Points that one run of Lighthouse differs from the next by, on a busy machine. */
const SCORE_TOLERANCE = 2;

/** One browser on a folder that outlives it, as a phone's is. */
const open = (path: string, folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, {
    executablePath: path,
    args: BROWSER_FLAGS,
    viewport: { width: 390, height: 844 },
  });

const mapIsReady = (page: Page) =>
  page.locator('[data-map-ready]').waitFor({ state: 'attached', timeout: 60_000 });

/** The visit that everything is kept from. */
const visitOnce = async (path: string, folder: string, url: string): Promise<void> => {
  const context = await open(path, folder);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  await mapIsReady(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      );
  });
  await page.waitForTimeout(2_000);
  await context.close();
};

/** Milliseconds from the press on the icon (navigation's start) to a map that answers: page slowed down, no network, worker cold. */
const startOffline = async (path: string, folder: string, url: string): Promise<number> => {
  const context = await open(path, folder);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const session = await context.newCDPSession(page);
    await context.setOffline(true);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    // Looked for in the page itself: whoever asks from outside comes late.
    await page.addInitScript(() => {
      const seen = new MutationObserver(() => {
        if (!document.querySelector('[data-map-ready]')) return;
        seen.disconnect();
        performance.mark('map-ready');
      });
      seen.observe(document, { subtree: true, childList: true, attributes: true });
    });
    await page.goto(url);
    await mapIsReady(page);
    return await page.evaluate(() => performance.getEntriesByName('map-ready')[0]?.startTime ?? Number.NaN);
  } finally {
    await context.close();
  }
};

const offlineRows = async (path: string, url: string, city: CityProcess): Promise<BenchRow[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'city-phone-'));
  try {
    await visitOnce(path, folder, url);
    await city.pause();
    const times: number[] = [];
    for (let start = 0; start < STARTS; start++) times.push(await startOffline(path, folder, url));
    await city.restart();
    const terms = `offline start to the map, ${SLOWDOWN}× slower CPU, worker cold`;
    return [
      atMost(`${terms}, median`, percentile(times, 0.5), 'ms', 1000),
      atMost(`${terms}, p95`, percentile(times, 0.95), 'ms', 1000, 0.5),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const lighthouseRows = async (path: string, url: string): Promise<BenchRow[]> => {
  const verdicts: Verdict[] = [];
  for (let round = 0; round < LIGHTHOUSE_ROUNDS; round++) verdicts.push(await judge(path, url));
  const complaints = [...new Set(verdicts.flatMap(({ complaints }) => complaints))];
  if (complaints.length > 0) console.warn(`Lighthouse found:\n  ${complaints.join('\n  ')}`);
  return (['performance', 'best-practices', 'accessibility'] as const).map((category) => {
    const score = percentile(
      verdicts.map(({ scores }) => scores[category]),
      0.5,
    );
    return atLeast(`Lighthouse ${category}, mobile`, score, 'points', LEAST_SCORE, SCORE_TOLERANCE);
  });
};

/** Parts: `offline`, `lighthouse`. */
export const run = async ({ chromium: path, parts }: BenchContext): Promise<BenchRow[]> => {
  const wants = (part: string): boolean => parts?.includes(part) ?? true;
  const city = await CityProcess.start();
  try {
    return [
      ...(wants('offline') ? await offlineRows(path, city.url, city) : []),
      ...(wants('lighthouse') ? await lighthouseRows(path, city.url) : []),
    ];
  } finally {
    await city.stop();
  }
};
