/**
 * A film for certain people, from a file on the disk: sealed, hashed and sent by the app's own worker in Chromium, then fetched,
 * verified and opened, each beside a plain `fetch` of the same bytes to or from the same city over loopback, in turns. `FILES_MB` sets its
 * size in mebibytes (default 128; 1024 is the promise's).
 */
import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startQuietBrowser } from '../quiet-browser.ts';
import type { QuietBrowser, QuietPage } from '../quiet-browser.ts';
import { atMost } from '../rows.ts';
import type { BenchContext, BenchRow } from '../rows.ts';
import type { MediaPage, Timed } from './media-page.ts';

const MEGABYTES = Number(process.env['FILES_MB'] ?? 128);
const ROUNDS = Number(process.env['MEDIA_ROUNDS'] ?? 3);
const LOOK_EVERY = 200;
/** Milliseconds: three frames of sixty a second. */
const FRAME = 50;

interface Ground {
  readonly origin: string;
  close(): Promise<void>;
}

/** The city as a process; its page's scripts beside it. */
const startCity = async (folder: string): Promise<Ground> => {
  const common = { bundle: true, format: 'esm', logLevel: 'error', outdir: folder } as const;
  await build({
    ...common,
    entryPoints: [
      'tests/bench/media/media-page.ts',
      'src/workers/media.worker.ts',
      'src/workers/loading.worker.ts',
      'src/workers/hashing.worker.ts',
    ],
    ...{
      entryNames: '[name]',
      platform: 'browser',
      target: 'es2022',
      define: { 'process.env.NODE_ENV': '""' },
    },
  });
  // Beside what it imports from node_modules.
  const out = 'node_modules/.cache/bench';
  await build({
    ...{ ...common, outdir: out, platform: 'node', packages: 'external', sourcemap: true },
    entryPoints: ['tests/bench/media/city.worker.ts'],
    outExtension: { '.js': '.mjs' },
  });
  for (const worker of ['db/embedded-worker.mjs', 'ledger/verify-worker.mjs'])
    copyFileSync(join('src/server', worker), join(out, worker.replace(/^.*\//, '')));
  const profile = process.env['FILES_PROFILE'];
  const city = fork(join(out, 'city.worker.mjs'), [join(folder, 'data'), folder], {
    execArgv:
      profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--enable-source-maps'],
  });
  const origin = await new Promise<string>((resolve, reject) => {
    city.once('message', (said) => resolve(String(said)));
    city.once('exit', () => reject(new Error('the city did not start')));
  });
  return {
    origin,
    close: async () => {
      const ended = new Promise((resolve) => city.once('exit', resolve));
      city.kill('SIGTERM');
      await ended;
    },
  };
};

/** A file of bytes by chance; its hash in hex. */
const writeFilm = (path: string): string => {
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  for (let n = 0; n < MEGABYTES; n++) {
    const bytes = randomBytes(1 << 20);
    hash.update(bytes);
    writeSync(file, bytes);
  }
  closeSync(file);
  return hash.digest('hex');
};

/** Rows of sealing and sending, and of the way back. */
export const send = async ({ chromium }: BenchContext): Promise<BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'media-'));
  const city = await startCity(folder);
  const browser = await startQuietBrowser(chromium);
  try {
    const film = join(folder, 'film.mp4');
    const hash = writeFilm(film);
    const page = await browser.open(`${city.origin}/bench/page`);
    while (!(await page.evaluate<boolean>('"mediaPage" in globalThis && !!document.querySelector("input")')));
    await page.choose('input', [film]);
    return await measure(browser, page, hash);
  } finally {
    await browser.close();
    await city.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

type Turns = Readonly<Record<'put' | 'seal' | 'get' | 'pour', Timed[]>>;

const measure = async (browser: QuietBrowser, page: QuietPage, hash: string): Promise<BenchRow[]> => {
  const ask = <Name extends keyof MediaPage>(name: Name, given = '') =>
    page.evaluate<Awaited<ReturnType<MediaPage[Name]>>>(`mediaPage.${name}(${given})`);
  await ask('open');
  const before = await browser.memory();
  const turns: Turns = { put: [], seal: [], get: [], pour: [] };
  const most = { put: 0, seal: 0, get: 0, pour: 0 };
  for (let round = 0; round < ROUNDS; round++)
    for (const name of ['put', 'seal', 'get', 'pour'] as const) {
      // What the plain request before it left lying is not its own.
      await page.collect();
      const looking = setInterval(() => {
        void browser.memory().then((held) => (most[name] = Math.max(most[name], held - before)));
      }, LOOK_EVERY);
      turns[name].push(await ask(name, name === 'put' ? `'${hash}'` : ''));
      clearInterval(looking);
    }
  const rate = (name: keyof Turns): number =>
    MEGABYTES / Math.min(...turns[name].map(({ seconds }) => seconds));
  const held = (name: keyof Turns, what: string): BenchRow =>
    atMost(`memory of the page and its workers while it is ${what}`, most[name] / 1e6, 'MB', 150, 0);
  return [
    against(`sealed, hashed and sent, ${MEGABYTES} MiB`, rate('seal'), 'plain fetch PUT', rate('put')),
    held('seal', 'sent'),
    ...frames(turns.seal, 'sent'),
    against(`fetched, verified and opened, ${MEGABYTES} MiB`, rate('pour'), 'plain fetch GET', rate('get')),
    held('pour', 'fetched'),
    ...frames(turns.pour, 'fetched'),
  ];
};

const against = (row: string, value: number, name: string, peer: number): BenchRow => ({
  ...{ row, value, unit: 'MiB/s', peer: `${name}: ${peer.toFixed(0)} MiB/s`, ratio: value / peer },
  ...{ target: '≥ 0.7×', ok: value / peer >= 0.7 },
});

/** Every round counts: one that stutters is one too many. */
const frames = (turns: readonly Timed[], what: string): BenchRow[] => [
  atMost(
    `longest task of the page while it is ${what}`,
    Math.max(...turns.map(({ longestTask }) => longestTask)),
    'ms',
    FRAME,
    0,
  ),
  atMost(
    `longest time between two frames while it is ${what}`,
    Math.max(...turns.map(({ longestGap }) => longestGap)),
    'ms',
    FRAME,
  ),
];
