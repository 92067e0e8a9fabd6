/**
 * Private talk: from Enter to the other's eyes through seal, wrap, relay, unwrap, check and log; a thousand waiting letters beside
 * nostr-tools' nip59 in the same page; a circle of ten; opening a talk. `npm run bench -- letters:latency`; parts: latency, waiting,
 * circle, opening.
 */
import { build } from 'esbuild';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { CityProcess } from '../e2e/city-process.ts';
import { arrive, lineOf, say, signUp } from '../e2e/people.ts';
import type { Person } from '../e2e/people.ts';
import { keyIn, Outsider } from './letters/outsider.ts';
import { framesOf, seenAt, watchFrames, watchLines } from './letters/watching.ts';
import { atLeast, atMost, BROWSER_FLAGS, percentile } from './rows.ts';
import type { BenchContext, BenchRow } from './rows.ts';

const LINES = 40;
/** How many letters wait; a thousand unless told. */
const WAITING = Number(process.env['LETTERS'] ?? 1000);
const OPENINGS = 12;

interface Ground {
  readonly city: CityProcess;
  readonly launch: () => Promise<Browser>;
}

const member = async (browser: Browser, name: string, city: CityProcess): Promise<Person> => {
  const person = await arrive(browser, name, city.url);
  await person.page.getByRole('link', { name: 'You', exact: true }).click();
  await person.page.getByRole('button', { name: 'Join the conversation' }).click();
  await signUp(person);
  return person;
};

const latency = async ({ city, launch }: Ground): Promise<BenchRow[]> => {
  const browsers = [await launch(), await launch()] as const;
  try {
    const ada = await member(browsers[0], 'Ada Lind', city);
    const ben = await member(browsers[1], 'Ben Okafor', city);
    const keys = { ada: await keyIn(ada.page), ben: await keyIn(ben.page) };
    await ben.page.goto(`${city.url}/messages/${keys.ada}`);
    await ada.page.goto(`${city.url}/messages/${keys.ben}`);
    await say(ada, 'warm up');
    await ben.page.getByRole('button', { name: 'Accept' }).click();
    await say(ben, 'warm too');
    await lineOf(ada.page, 'warm too').waitFor();
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
    return [
      atMost('a private line, Enter to seen, median', percentile(times, 0.5), 'ms', 250),
      atMost('a private line, Enter to seen, p95', percentile(times, 0.95), 'ms', 500, 0),
    ];
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
  }
};

/** nostr-tools' nip59, loaded into the page; seconds for a thousand, from a fifth of them. */
const peerSeconds = async (person: Person): Promise<number> => {
  const bundled = await build({
    entryPoints: ['tests/bench/letters/peer-page.ts'],
    bundle: true,
    format: 'iife',
    write: false,
  });
  await person.page.evaluate(bundled.outputFiles[0]?.text ?? '');
  const share = WAITING / 5;
  const seconds = await person.page.evaluate(
    (count) => (globalThis as unknown as { benchNip59: (count: number) => number }).benchNip59(count),
    share,
  );
  return (seconds * WAITING) / share;
};

/** Ada is away while somebody she knows, on another app, writes a thousand lines; then she is back. */
const waiting = async ({ city, launch }: Ground): Promise<BenchRow[]> => {
  const browser = await launch();
  const ben = await Outsider.arrive(city.relay);
  try {
    await ben.receiveAt(city.relay);
    const ada = await member(browser, 'Ada Lind', city);
    const key = await keyIn(ada.page);
    await ada.page.goto(`${city.url}/messages/${ben.pubkey}`);
    await say(ada, 'write to me');
    await lineOf(ada.page, 'write to me').getByRole('img', { name: 'Sent' }).waitFor();
    await ada.page.getByRole('link', { name: /^Messages/ }).click();
    await ada.context.setOffline(true);
    // What is said within the second of her own line might count as read.
    await ada.page.waitForTimeout(2000);
    await ben.write(key, 'line', WAITING);
    let first = 0;
    ada.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (first === 0 && String(payload).includes('"kind":1059')) first = Date.now();
      }),
    );
    await watchFrames(ada.page);
    await ada.context.setOffline(false);
    await ada.page.getByText(`${WAITING} unread`).first().waitFor({ state: 'attached', timeout: 120_000 });
    const seconds = (Date.now() - first) / 1000;
    const frames = await framesOf(ada.page);
    const peer = await peerSeconds(ada);
    const ratio = peer / seconds;
    return [
      {
        ...atMost(`${WAITING} waiting letters: first byte to all counted`, seconds, 's', 2.5),
        peer: `nostr-tools nip59, opening alone: ${peer.toFixed(1)} s`,
      },
      { ...atLeast('nip59’s time ÷ ours, relay and log included in ours', ratio, '×', 3), ratio },
      atMost('meanwhile, time between two frames, p95', frames.p95, 'ms', 17),
      atMost('meanwhile, longest time between two frames', frames.longestGap, 'ms', 50),
      atMost('meanwhile, longest task of the page', frames.longestTask, 'ms', 50),
    ];
  } finally {
    ben.leave();
    await browser.close();
  }
};

/** One press to nine others. */
const circle = async ({ city, launch }: Ground): Promise<BenchRow[]> => {
  const browser = await launch();
  const others: Outsider[] = [];
  try {
    for (let n = 0; n < 9; n++) others.push(await Outsider.arrive(city.relay));
    for (const other of others) await other.receiveAt(city.relay);
    const ada = await member(browser, 'Ada Lind', city);
    await ada.page.goto(`${city.url}/messages/${others.map(({ pubkey }) => pubkey).join(',')}`);
    await say(ada, 'warm up');
    await lineOf(ada.page, 'warm up').getByRole('img', { name: 'Sent' }).waitFor();
    const composer = ada.page.getByRole('textbox', { name: 'Write a line' });
    const times: number[] = [];
    await watchFrames(ada.page);
    for (let n = 0; n < 10; n++) {
      await composer.fill(`all of you ${n}`);
      const pressed = Date.now();
      await composer.press('Enter');
      await lineOf(ada.page, `all of you ${n}`).getByRole('img', { name: 'Sent' }).waitFor();
      times.push(Date.now() - pressed);
    }
    const frames = await framesOf(ada.page);
    return [
      atMost('a line to a circle of ten, Enter to sent, median', percentile(times, 0.5), 'ms', 500),
      atMost('meanwhile, longest time between two frames', frames.longestGap, 'ms', 50),
    ];
  } finally {
    others.forEach((other) => other.leave());
    await browser.close();
  }
};

/** From a press in the list to the newest line, with a thousand lines in it. */
const opening = async ({ city, launch }: Ground): Promise<BenchRow[]> => {
  const browser = await launch();
  const ben = await Outsider.arrive(city.relay);
  try {
    await ben.receiveAt(city.relay);
    const ada = await member(browser, 'Ada Lind', city);
    const key = await keyIn(ada.page);
    await ada.page.goto(`${city.url}/messages/${ben.pubkey}`);
    await say(ada, 'write to me');
    await ben.write(key, 'line', WAITING);
    await lineOf(ada.page, `line ${WAITING - 1}`).waitFor({ timeout: 120_000 });
    const times: number[] = [];
    for (let n = 0; n < OPENINGS; n++) {
      await ada.page.getByRole('link', { name: /^Messages/ }).click();
      const entry = ada.page.locator(`a[href*="${ben.pubkey}"]`).first();
      await entry.waitFor();
      times.push(
        await entry.evaluate(
          (link: HTMLElement, mark) =>
            new Promise<number>((resolve) => {
              const began = performance.now();
              const look = () => {
                const isThere = [...document.querySelectorAll('article[data-line]')].some((line) =>
                  line.textContent?.includes(mark),
                );
                if (isThere) requestAnimationFrame(() => resolve(performance.now() - began));
                else requestAnimationFrame(look);
              };
              link.click();
              look();
            }),
          `line ${WAITING - 1}`,
        ),
      );
    }
    return [
      atMost('a talk of 1,000 lines, press to newest line drawn, median', percentile(times, 0.5), 'ms', 100),
      { row: 'the same, p95', value: percentile(times, 0.95), unit: 'ms', ok: true },
    ];
  } finally {
    ben.leave();
    await browser.close();
  }
};

const PARTS = { latency, waiting, circle, opening };

export const run = async ({ chromium: path, parts }: BenchContext): Promise<BenchRow[]> => {
  const city = await CityProcess.start({ pow: 'test' });
  const launch = () => chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
  const rows: BenchRow[] = [];
  try {
    for (const [name, measure] of Object.entries(PARTS))
      if (parts === undefined || parts.includes(name)) rows.push(...(await measure({ city, launch })));
    return rows;
  } finally {
    await city.stop();
  }
};
