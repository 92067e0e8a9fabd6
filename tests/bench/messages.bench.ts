/** From one person's Enter to the other person's eyes: two browsers, one city; beside it the same relay over bare sockets. */
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import WebSocket from 'ws';
import { CityProcess } from '../e2e/city-process.ts';
import { arrive, lineOf, makePlace, say, signUp } from '../e2e/people.ts';
import { seenAt, watchLines } from './letters/watching.ts';
import { BROWSER_FLAGS, atMost, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const LINES = 40;
const NOTE = 1;

const acrossBrowsers = async (
  browsers: readonly [Browser, Browser],
  city: CityProcess,
): Promise<number[]> => {
  const ada = await arrive(browsers[0], 'Ada Lind', city.url);
  await ada.page.getByRole('link', { name: 'You' }).click();
  await ada.page.getByRole('button', { name: 'Join the conversation' }).click();
  await signUp(ada);
  await makePlace(ada, 'Bench Corner', /Open to all/);
  const ben = await arrive(browsers[1], 'Ben Okafor', ada.page.url());
  await ben.page.getByRole('heading', { name: 'Bench Corner' }).waitFor();
  await say(ada, 'warm up');
  await lineOf(ben.page, 'warm up').waitFor();
  await watchLines(ben.page, 'line');
  const composer = ada.page.getByRole('textbox', { name: 'Write a line' });
  const times: number[] = [];
  for (let count = 0; count < LINES; count++) {
    await composer.fill(`line ${count}`);
    const pressed = Date.now();
    await composer.press('Enter');
    times.push((await seenAt(ben.page, `line ${count}`)) - pressed);
    await ada.page.waitForTimeout(150);
  }
  return times;
};

const connect = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });

const overSockets = async (city: CityProcess): Promise<number[]> => {
  const [writer, reader] = await Promise.all([connect(city.relay), connect(city.relay)]);
  const key = generateSecretKey();
  const arrivals = new Map<string, () => void>();
  reader.on('message', (data: Buffer) => {
    const [type, , event] = JSON.parse(data.toString()) as [string, string, { id: string }];
    if (type === 'EVENT') arrivals.get(event.id)?.();
  });
  reader.send(JSON.stringify(['REQ', 'bench', { kinds: [NOTE], limit: 1 }]));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const times: number[] = [];
  for (let count = 0; count < LINES; count++) {
    const created_at = Math.floor(Date.now() / 1000);
    const event = finalizeEvent({ kind: NOTE, created_at, tags: [], content: `bare ${count}` }, key);
    const arrived = new Promise<void>((resolve) => arrivals.set(event.id, resolve));
    const sent = performance.now();
    writer.send(JSON.stringify(['EVENT', event]));
    await arrived;
    times.push(performance.now() - sent);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  writer.close();
  reader.close();
  return times;
};

/** Latencies in ms; the bare relay is the floor that no client can beat. */
export const run = async ({ chromium: path }: BenchContext): Promise<BenchRow[]> => {
  const city = await CityProcess.start({ pow: 'test' });
  const launch = () => chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
  const browsers = [await launch(), await launch()] as const;
  try {
    const app = await acrossBrowsers(browsers, city);
    const bare = await overSockets(city);
    const floor = percentile(bare, 0.5);
    const peer = { peer: `bare sockets, ${floor.toFixed(1)} ms` };
    return [
      {
        ...atMost('a line, Enter to seen, median', percentile(app, 0.5), 'ms', 250),
        ...peer,
        ratio: percentile(app, 0.5) / floor,
      },
      atMost('a line, Enter to seen, p95', percentile(app, 0.95), 'ms', 500, 0),
      { row: 'the same relay over bare sockets, p95', value: percentile(bare, 0.95), unit: 'ms', ok: true },
    ];
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await city.stop();
  }
};
