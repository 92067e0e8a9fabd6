/** Where the store bench meets a browser: a profile on the disk, bundled workers behind a small server, processes' CPU time. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import type { CDPSession } from 'playwright';
import { BROWSER_FLAGS } from '../rows.ts';
import type { StorePage } from './store-page.ts';

const HTML = '<!doctype html><title>store</title><script type="module" src="/store-page.js"></script>';
const RULES = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const SCRIPTS = ['store-page', 'ours.worker', 'reading.worker', 'nostr-idb.worker', 'sqlite.worker'];

interface File {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const bundles = async (): Promise<[string, File][]> => {
  const { outputFiles } = await build({
    entryPoints: SCRIPTS.map((name) => `tests/bench/store/${name}.ts`),
    entryNames: '[name]',
    outdir: 'out',
    write: false,
    bundle: true,
    minifySyntax: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles.map(({ path, text }) => [
    `/${path.split(/[\\/]/).at(-1)}`,
    { type: 'text/javascript', body: text },
  ]);
};

const wasm = (path: string): File => ({
  type: 'application/wasm',
  body: readFileSync(`node_modules/${path}`),
});

const serve = async () => {
  const known = new Map<string, File>([
    ['/', { type: 'text/html', body: HTML }],
    ['/favicon.ico', { type: 'image/x-icon', body: '' }],
    ['/zstd.wasm', wasm('@bokuweb/zstd-wasm/dist/web/zstd.wasm')],
    ['/sqlite3.wasm', wasm('@sqlite.org/sqlite-wasm/dist/sqlite3.wasm')],
    ...(await bundles()),
  ]);
  const server = createServer((request, response) => {
    const file = known.get(request.url ?? '');
    response.writeHead(file ? 200 : 404, {
      'content-type': file?.type ?? 'text/plain',
      'content-security-policy': RULES,
      'cache-control': 'no-store',
      // Alone in its process, a page gets a clock of 5 µs instead of 100.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};

/** Seconds that all of the browser's processes have worked so far. */
const cpuOf = async (session: CDPSession): Promise<number> => {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
};

export interface StoreGround {
  readonly version: string;
  /** A worker of a script, under a name. */
  start(name: string, script: string): Promise<void>;
  ask<T>(name: string, task: string, ...given: readonly unknown[]): Promise<T>;
  stop(name: string): Promise<void>;
  /** Milliseconds that all of the browser's processes have worked so far: its own, the page's, IndexedDB's. */
  cpu(): Promise<number>;
  end(): Promise<void>;
}

/** A browser with a profile of its own on the disk, on the bench's page. */
export const openGround = async (executablePath: string): Promise<StoreGround> => {
  const { server, url } = await serve();
  const profile = mkdtempSync(join(tmpdir(), 'store-bench-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: BROWSER_FLAGS });
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => console.error(`The bench's page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`The bench's page: ${message.text()}`);
  });
  await page.goto(url);
  await page.waitForFunction(() => 'storePage' in globalThis);
  const browser = context.browser();
  if (!browser) throw new Error('the browser does not tell of its processes');
  const session = await browser.newBrowserCDPSession();
  const call = (task: keyof StorePage, ...given: readonly unknown[]): Promise<unknown> =>
    page.evaluate(
      ([called, values]) => {
        const { storePage } = globalThis as unknown as {
          storePage: Record<string, (...all: unknown[]) => unknown>;
        };
        return storePage[called as string]?.(...(values as unknown[]));
      },
      [task, given] as const,
    );
  return {
    version: `Chromium ${browser.version()}`,
    start: async (name, script) => void (await call('start', name, script)),
    ask: async <T>(name: string, task: string, ...given: readonly unknown[]) =>
      (await call('ask', name, task, ...given)) as T,
    stop: async (name) => void (await call('stop', name)),
    cpu: async () => (await cpuOf(session)) * 1000,
    end: async () => {
      await context.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(profile, { recursive: true, force: true });
    },
  };
};
