/** A thousand lines written without a network, and how long they take once it is back: with the page open, and with every page closed. */
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { CityProcess } from '../e2e/city-process.ts';
import { arrive } from '../e2e/people.ts';
import { joinCity, makePlace } from '../e2e/settling.ts';
import { WorkerDesk } from '../e2e/worker-desk.ts';
import type { Person } from '../e2e/people.ts';
import { Client } from '../support/client.ts';
import { BROWSER_FLAGS, atMost } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const LINES = 1000;
const MOST_SECONDS = 10;
const NOTE = 1;
/** Milliseconds until a run that does not end is given up. */
const PATIENCE = 120_000;

/** Writes them as fast as a composer takes them; each is on the disk before the next. */
const writeLines = async ({ page }: Person): Promise<void> => {
  const composer = page.getByRole('textbox', { name: 'Write a line' });
  for (let at = 0; at < LINES; at++) {
    await composer.fill(`line ${at}`);
    await composer.press('Enter');
  }
  await page.getByText(`${LINES} things waiting`).waitFor({ timeout: PATIENCE });
};

/** Seconds until all are in the city; each once, in order, or it throws. */
const untilArrived = async (city: CityProcess, place: string, since: number): Promise<number> => {
  const client = await Client.connect(city.relay);
  const filter = { kinds: [NOTE], '#h': [place] };
  while ((await client.count(filter)) < LINES) {
    if (Date.now() - since > PATIENCE) throw new Error(`only ${await client.count(filter)} lines arrived`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const seconds = (Date.now() - since) / 1000;
  const texts: string[] = [];
  for (let until = Number.MAX_SAFE_INTEGER; ;) {
    const events = await client.find({ ...filter, until: Math.min(until, 2 ** 31) });
    const fresh = events.filter(({ content }) => !texts.includes(content));
    texts.push(...fresh.map(({ content }) => content));
    const oldest = events.at(-1)?.created_at ?? 0;
    if (fresh.length === 0) break;
    until = oldest;
  }
  client.close();
  if (texts.length !== LINES) throw new Error(`${texts.length} lines arrived in place of ${LINES}`);
  return seconds;
};

const settle = async (browser: Browser, city: CityProcess, name: string) => {
  const person = await arrive(browser, name, city.url);
  await joinCity(person);
  const place = await makePlace(person, { name: `${name}'s tunnel` });
  await person.page.evaluate(() => navigator.serviceWorker.ready);
  return { person, place };
};

/** Seconds from the network's return; with `closed`, only the service worker is left to send. */
const oneRun = async (
  browser: Browser,
  city: CityProcess,
  name: string,
  closed: boolean,
): Promise<number> => {
  const { person, place } = await settle(browser, city, name);
  await person.context.setOffline(true);
  await city.pause();
  await writeLines(person);
  const desk = await WorkerDesk.open(person.context, city.url);
  if (closed) await person.page.close();
  await city.restart({ pow: 'test' });
  const since = Date.now();
  await person.context.setOffline(false);
  if (closed) await desk.sync('outbox');
  const seconds = await untilArrived(city, place, since);
  await person.context.close();
  return seconds;
};

/** One figure each way, under the city's own rates. */
export const run = async ({ chromium: executablePath }: BenchContext): Promise<BenchRow[]> => {
  const city = await CityProcess.start({ pow: 'test' });
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const open = await oneRun(browser, city, 'Ada Lind', false);
    const away = await oneRun(browser, city, 'Ben Okafor', true);
    const row = `${LINES} queued lines in the city after the network is back`;
    return [
      atMost(`${row}, page open`, open, 's', MOST_SECONDS),
      atMost(`${row}, every page closed`, away, 's', MOST_SECONDS),
    ];
  } finally {
    await browser.close();
    await city.stop();
  }
};
