/** What a first visit costs: bytes of JavaScript, and when the largest thing is painted, on a slow phone's terms. */
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import type { CDPSession, Page } from 'playwright';
import { CityProcess } from '../e2e/city-process.ts';
import { BROWSER_FLAGS, atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const ROUNDS = 5;

interface Visit {
  readonly scriptBytes: number;
  readonly lcp: number;
  readonly mapReady: number;
}

/** Lighthouse's mobile terms: 4× slower processor, 1.6 Mbit/s, 150 ms round trip. */
const slowDown = async (session: CDPSession): Promise<void> => {
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (0.75 * 1024 * 1024) / 8,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
};

const largestPaint = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe(
          {
            type: 'largest-contentful-paint',
            buffered: true,
          },
        );
      }),
  );

const visit = async (path: string, url: string): Promise<Visit> => {
  const browser = await chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, serviceWorkers: 'block' });
    await slowDown(await page.context().newCDPSession(page));
    // Noted in the page itself: whoever asks from outside comes late.
    await page.addInitScript(() => {
      const seen = new MutationObserver(() => {
        if (!document.querySelector('[data-map-ready]')) return;
        seen.disconnect();
        performance.mark('map-ready');
      });
      seen.observe(document, { subtree: true, childList: true, attributes: true });
    });
    await page.goto(url);
    await page.locator('[data-map-ready]').waitFor({ state: 'attached', timeout: 60_000 });
    const { mapReady, scripts } = await page.evaluate(() => {
      const ready = performance.getEntriesByName('map-ready')[0]?.startTime ?? Number.NaN;
      const asked = performance.getEntriesByType('resource').filter(({ startTime }) => startTime <= ready);
      return {
        mapReady: ready,
        scripts: asked.map(({ name }) => name).filter((name) => name.endsWith('.js')),
      };
    });
    // Asked for once more: of preloaded scripts the browser's tools do not give the bytes.
    const bodies = await Promise.all(
      [...new Set(scripts)].map(async (script) => (await fetch(script)).arrayBuffer()),
    );
    const scriptBytes = bodies.reduce((sum, body) => sum + gzipSync(new Uint8Array(body)).length, 0);
    return { scriptBytes, lcp: await largestPaint(page), mapReady };
  } finally {
    await browser.close();
  }
};

/** Bytes and times of a cold first visit to an empty city. */
export const run = async ({ chromium: path }: BenchContext): Promise<BenchRow[]> => {
  const city = await CityProcess.start();
  try {
    const visits: Visit[] = [];
    for (let round = 0; round < ROUNDS; round++) visits.push(await visit(path, city.url));
    const median = (pick: (visit: Visit) => number) => percentile(visits.map(pick), 0.5);
    return [
      atMost('JavaScript until the map answers, gzip', median((each) => each.scriptBytes) / 1000, 'kB', 120),
      atMost(
        'largest contentful paint, 4× slower CPU, 1.6 Mbit/s',
        median((each) => each.lcp),
        'ms',
        2500,
      ),
      atMost(
        'map answers, same terms',
        median((each) => each.mapReady),
        'ms',
        5000,
      ),
    ];
  } finally {
    await city.stop();
  }
};
