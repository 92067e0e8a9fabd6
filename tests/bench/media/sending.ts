/**
 * A film for certain people: sealed, hashed and sent by the app's own worker in Chromium, beside a plain `fetch` PUT of the same bytes
 * to the same city over loopback. `MEDIA_MB` sets its size in mebibytes (default 128; 1000 is the promise's).
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import type { CDPSession, Page } from 'playwright';
import { encodeBlobAuth, makeBlobAuth } from '../../../src/protocol/media/blossom.ts';
import type { Draft } from '../../../src/protocol/event.ts';
import { startCity } from '../../../src/server/city.ts';
import { parseConfig } from '../../../src/server/config.ts';
import { makePerson } from '../../support/client.ts';
import type { MediaPage } from './media-page.ts';
import { atMost, BROWSER_FLAGS } from '../rows.ts';
import type { BenchContext, BenchRow } from '../rows.ts';

const MEGABYTES = Number(process.env['MEDIA_MB'] ?? 128);
const ROUNDS = 3;
const LOOK_EVERY = 100;

const provideWorkers = (): void => {
  for (const worker of ['db/embedded-worker.mjs', 'ledger/verify-worker.mjs'])
    copyFileSync(
      join('src/server', worker),
      fileURLToPath(new URL(worker.replace(/^.*\//, './'), import.meta.url)),
    );
};

const bundles = async (): Promise<Map<string, string>> => {
  const { outputFiles } = await build({
    entryPoints: ['tests/bench/media/media-page.ts', 'src/workers/media.worker.ts'],
    ...{
      entryNames: '[name]',
      outdir: 'out',
      write: false,
      bundle: true,
      platform: 'browser',
      format: 'esm',
    },
    ...{ target: 'es2022', logLevel: 'error' },
  });
  return new Map(outputFiles.map(({ path, text }) => [path.split(/[\\/]/).at(-1) ?? '', text]));
};

/** The bench's page at the city's own address: the city's doors are asked from their own origin. */
const openPage = async (page: Page, origin: string): Promise<void> => {
  const scripts = await bundles();
  await page.route(`${origin}/bench/**`, (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const script = scripts.get(name);
    return script === undefined
      ? route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><script type="module" src="/bench/media-page.js"></script>',
        })
      : route.fulfill({ contentType: 'text/javascript', body: script });
  });
  await page.goto(`${origin}/bench/page`);
  await page.waitForFunction('"mediaPage" in globalThis');
};

/** Bytes that the page's process holds, its workers and what they share with others included; not what lies in files. */
const memoryOf = async (session: CDPSession): Promise<number> => {
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[];
  };
  const held = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
      return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
    });
  return Math.max(...held);
};

/** Rows of sealing and sending. */
export const send = async ({ chromium: executablePath }: BenchContext): Promise<BenchRow[]> => {
  provideWorkers();
  const dataDir = mkdtempSync(join(tmpdir(), 'media-'));
  const config = parseConfig({ PORT: '0', POW: 'test', DATA_DIR: dataDir });
  if (!config.ok) throw new Error(config.error.message);
  const started = await startCity(config.value, { inMemory: true });
  if (!started.ok) throw new Error(started.error.message);
  const city = started.value;
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const session = await browser.newBrowserCDPSession();
    return await measure(await browser.newPage(), session, new URL(city.url).origin);
  } finally {
    await browser.close();
    await city.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const measure = async (page: Page, session: CDPSession, origin: string): Promise<BenchRow[]> => {
  const person = makePerson();
  const sign = (draft: Draft) => person.sign({ ...draft, created_at: Math.floor(Date.now() / 1000) });
  page.on('console', (message) => console.error(message.text()));
  page.on('pageerror', (error) => console.error(error.message));
  await page.exposeFunction('benchSign', sign);
  await openPage(page, origin);
  const ask = <Name extends keyof MediaPage>(name: Name, ...given: Parameters<MediaPage[Name]>) =>
    page.evaluate(
      ([called, args]) =>
        (
          globalThis as unknown as { mediaPage: Record<string, (...all: readonly unknown[]) => unknown> }
        ).mediaPage[called]?.(...args),
      [name as string, given as readonly unknown[]] as const,
    ) as Promise<Awaited<ReturnType<MediaPage[Name]>>>;
  await ask('prepare', MEGABYTES);
  const token = encodeBlobAuth(
    sign(
      makeBlobAuth({
        ...{ verb: 'upload', reason: 'bench', hashes: [await ask('hash', MEGABYTES)] },
        ...{ servers: [new URL(origin).hostname], expiration: Math.floor(Date.now() / 1000) + 86_400 },
      }),
    ),
  );
  await ask('open');
  const before = await memoryOf(session);
  let most = before;
  const look = async (): Promise<void> => {
    most = Math.max(most, await memoryOf(session));
  };
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EVERY);
  const [ours, plain]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(MEGABYTES / (await ask('put', MEGABYTES, token)));
    ours.push(MEGABYTES / (await ask('seal', MEGABYTES)));
  }
  clearInterval(looking);
  const [mine, theirs] = [Math.max(...ours), Math.max(...plain)];
  const ratio = mine / theirs;
  return [
    {
      row: `sealed, hashed and sent, ${MEGABYTES} MiB`,
      ...{ value: mine, unit: 'MiB/s', peer: `plain fetch PUT: ${theirs.toFixed(0)} MiB/s` },
      ...{ ratio, target: '≥ 0.7×', ok: ratio >= 0.7 },
    },
    atMost('memory of the page and its worker meanwhile', (most - before) / 1e6, 'MB', 150, 0),
  ];
};
