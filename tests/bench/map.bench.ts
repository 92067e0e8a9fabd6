/** The map with 10,000 places: frame times while panning and zooming, and the search for what is in view. */
import { createServer } from 'vite';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { BROWSER_FLAGS, atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const PLACES = 10_000;
const PORT = 4890;

/** Frame times (ms) while something goes on in the page. */
const framesDuring = async (page: Page, act: () => Promise<void>): Promise<number[]> => {
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const tick = (now: number) => {
      frames.push(now - last);
      last = now;
      if ((globalThis as unknown as { benchOn: boolean }).benchOn) requestAnimationFrame(tick);
    };
    Object.assign(globalThis, { benchFrames: frames, benchOn: true });
    requestAnimationFrame(tick);
  });
  await act();
  return page.evaluate(() => {
    const bench = globalThis as unknown as { benchFrames: number[]; benchOn: boolean };
    bench.benchOn = false;
    return bench.benchFrames.slice(2);
  });
};

const pan = async (page: Page): Promise<void> => {
  for (let stroke = 0; stroke < 4; stroke++) {
    await page.mouse.move(900, 400);
    await page.mouse.down();
    await page.mouse.move(stroke % 2 ? 1150 : 650, stroke % 2 ? 500 : 300, { steps: 45 });
    await page.mouse.up();
    await page.waitForTimeout(150);
  }
};

const zoom = async (page: Page): Promise<void> => {
  await page.mouse.move(700, 400);
  for (const direction of [-1, -1, -1, 1, 1, 1]) {
    await page.mouse.wheel(0, direction * 120);
    await page.waitForTimeout(500);
  }
};

const queryTimes = async (page: Page): Promise<number[]> => {
  const times: number[] = [];
  for (let step = 0; step < 30; step++) {
    await page.locator('section.map .stage').press(step % 2 ? 'ArrowLeft' : 'ArrowRight');
    await page.waitForTimeout(120);
    times.push(Number(await page.locator('output').getAttribute('data-query-time')));
  }
  return times;
};

/** Served by Vite as the workshop's page: the built app does not ship it. */
export const run = async ({ chromium: path }: BenchContext): Promise<BenchRow[]> => {
  const server = await createServer({
    server: { port: PORT, host: '127.0.0.1', hmr: false },
    logLevel: 'error',
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`http://127.0.0.1:${PORT}/dev/map?n=${PLACES}&lat=48&lon=11&zoom=5`);
    await page.locator('[data-phase="shown"]').waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => Number(document.querySelector('output')?.dataset['count']) > 100);
    await page.waitForTimeout(3000);
    await pan(page);
    await zoom(page);
    const panned = await framesDuring(page, () => pan(page));
    const zoomed = await framesDuring(page, () => zoom(page));
    const queries = await queryTimes(page);
    return [
      atMost('pan, frame median, 10,000 places', percentile(panned, 0.5), 'ms', 17, 0.05),
      atMost('pan, frame p95', percentile(panned, 0.95), 'ms', 25, 0.4),
      atMost('zoom, frame median', percentile(zoomed, 0.5), 'ms', 17, 0.05),
      atMost('zoom, frame p95', percentile(zoomed, 0.95), 'ms', 34, 0.5),
      atMost('places in a box, median', percentile(queries, 0.5), 'ms', 1, 0),
      atMost('places in a box, p95', percentile(queries, 0.95), 'ms', 1, 0.5),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
};
