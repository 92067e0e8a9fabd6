/** The city's own store in a page of its own, without the app around it. */
import { readdirSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { BrowserContext, Page } from '@playwright/test';
import { build } from 'esbuild';
import type { CityProcess } from './city-process.ts';
import type { StorePage } from './store-page.ts';

const BUILT = 'build/client/_app/immutable';

let script: Promise<string> | undefined;
const bundled = (): Promise<string> =>
  (script ??= build({
    entryPoints: ['tests/e2e/store-page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? ''));

/** One page with an open engine. */
export class StoreTab {
  readonly page: Page;
  /** Numbers of events that the store has acknowledged to this page. */
  readonly acked = new Set<number>();

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a page and the engine of a profile in it. */
  static async open(context: BrowserContext, city: CityProcess, profile: string): Promise<StoreTab> {
    const [file, ...others] = readdirSync(`${BUILT}/workers`).filter((name) =>
      /^store\.worker-.*\.js$/.test(name),
    );
    expect([file === undefined, others]).toEqual([false, []]);
    const page = await context.newPage();
    const tab = new StoreTab(page);
    await page.exposeFunction('acked', (n: number) => void tab.acked.add(n));
    // A file of the city's: its origin, without the app.
    await page.goto(`${city.url}/manifest.webmanifest`);
    await page.evaluate(await bundled());
    await tab.call('openEngine', {
      worker: `/_app/immutable/workers/${file}`,
      relay: city.relay,
      profile,
    });
    return tab;
  }

  call<Name extends keyof StorePage>(
    name: Name,
    ...given: Parameters<StorePage[Name]>
  ): Promise<Awaited<ReturnType<StorePage[Name]>>> {
    return this.page.evaluate(
      ([called, values]) => {
        const { storePage } = globalThis as unknown as {
          storePage: Record<string, (...all: readonly unknown[]) => unknown>;
        };
        return storePage[called]?.(...values);
      },
      [name as string, given as readonly unknown[]] as const,
    ) as Promise<Awaited<ReturnType<StorePage[Name]>>>;
  }
}
