/** Where the mining bench meets a browser: the bundled workers behind a small server, under the city's own rules for scripts. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { BROWSER_FLAGS } from './rows.ts';
import type { MiningPage } from './mining-page.ts';

const KERNELS = 'src/client/mining/kernels/generated';
export const kernelBytes = (name: 'simd' | 'scalar') => readFileSync(`${KERNELS}/${name}.wasm`);
export const notemineBytes = () => readFileSync('node_modules/notemine/notemine_bg.wasm');

const HTML = `<!doctype html><title>mining</title><div id="mover">moving</div>
<script type="module" src="/mining-page.js"></script>`;
const RULES = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'";

interface File {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const bundles = async (): Promise<[string, File][]> => {
  const { outputFiles } = await build({
    entryPoints: [
      'src/workers/mining.worker.ts',
      'tests/bench/mining-page.ts',
      'tests/bench/mining-peers.worker.ts',
    ],
    entryNames: '[name]',
    outdir: 'out',
    write: false,
    bundle: true,
    minify: true,
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

const files = async (): Promise<Map<string, File>> => {
  const wasm = (body: Uint8Array): File => ({ type: 'application/wasm', body });
  return new Map([
    ['/', { type: 'text/html', body: HTML }],
    ['/simd.wasm', wasm(kernelBytes('simd'))],
    ['/scalar.wasm', wasm(kernelBytes('scalar'))],
    ['/notemine.wasm', wasm(notemineBytes())],
    ...(await bundles()),
  ]);
};

const serve = async () => {
  const known = await files();
  const server = createServer((request, response) => {
    const file = known.get(request.url ?? '');
    response.writeHead(file ? 200 : 404, {
      'content-type': file?.type ?? 'text/plain',
      'content-security-policy': RULES,
      'cache-control': 'no-store',
    });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};

export interface MiningGround {
  readonly version: string;
  /** Calls a function of the bench's page. */
  call<Name extends Exclude<keyof MiningPage, 'half'>>(
    name: Name,
    ...values: Parameters<MiningPage[Name]>
  ): Promise<Awaited<ReturnType<MiningPage[Name]>>>;
  /** Half the cores, as the app counts them. */
  readonly half: number;
  end(): Promise<void>;
}

/** A browser on the bench's page. */
export const openGround = async (executablePath: string): Promise<MiningGround> => {
  const { server, url } = await serve();
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`The bench's page: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction(() => 'miningPage' in globalThis);
  const half = await page.evaluate(
    () => (globalThis as unknown as { miningPage: { half: number } }).miningPage.half,
  );
  return {
    version: `Chromium ${browser.version()}`,
    half,
    call: (name, ...values) =>
      page.evaluate(
        ([called, given]) => {
          const { miningPage } = globalThis as unknown as {
            miningPage: Record<string, (...args: unknown[]) => never>;
          };
          return (miningPage[called as string] as (...args: unknown[]) => never)(...(given as unknown[]));
        },
        [name, values] as const,
      ),
    end: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
