import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { buildKernels } from './src/launch/build-kernels.mjs';

/** Leaves the pages under /dev empty in a build, unless it is one to be looked at (VITE_GALLERY): nobody installs them. */
const devPagesStayHome = (): Plugin => ({
  name: 'dev-pages-stay-home',
  apply: 'build',
  enforce: 'pre',
  load: {
    filter: { id: /\/src\/routes\/dev\/.*\+page\.svelte$/ },
    handler: () => (process.env['VITE_GALLERY'] ? undefined : '<!-- empty -->'),
  },
});

/** The mining kernels in WebAssembly, compiled before anything asks for them: builds, the dev server and tests alike. */
const kernels = (): Plugin => ({
  name: 'mining-kernels',
  config: () => buildKernels().then(() => undefined),
});

/** What every visit loads first: SvelteKit's own client, the frame, the fallback and the map's screen. */
const FIRST =
  /\/generated\/client-optimized\/(app|nodes\/[012])\.js$|\/kit\/src\/runtime\/client\/entry\.js$/;
/** What screens share. */
const SHARED = /src\/(ui|messages|shared|protocol)\/|node_modules\/(svelte|clsx|esm-env|@lucide)\//;
/** A module of one message, or their list. */
const MESSAGE = /\/messages\/paraglide\/messages(?:\.js|\/(\w+)\.js)$/;
const firstModules = new Set<string>();

/** Learns which modules the first screen needs, so that it does not wait for what only other screens share. */
const firstScreen = (): Plugin => ({
  name: 'first-screen',
  apply: 'build',
  buildEnd() {
    const messages = new Set<string>();
    const walk = (id: string): void => {
      if (firstModules.has(id) || MESSAGE.test(id)) return;
      firstModules.add(id);
      const { code, importedIds = [] } = this.getModuleInfo(id) ?? {};
      for (const [, name = ''] of code?.matchAll(/\bm\.(\w+)\(/g) ?? []) messages.add(name);
      importedIds.forEach(walk);
    };
    const all = [...this.getModuleIds()];
    for (const id of all) if (FIRST.test(id)) walk(id);
    // Every message hangs on one list: which of them are needed, only their callers tell.
    for (const id of all) if (messages.has(MESSAGE.exec(id)?.[1] ?? '')) firstModules.add(id);
  },
});

export default defineConfig({
  plugins: [
    devPagesStayHome(),
    kernels(),
    paraglideVitePlugin({
      project: './src/messages/project.inlang',
      outdir: './src/messages/paraglide',
      outputStructure: 'message-modules',
      strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
    }),
    sveltekit(),
    firstScreen(),
  ],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What many screens share travels as two files, not as sixty: what the first one needs, and the rest.
        advancedChunks: {
          groups: [
            { name: 'first', test: (id) => firstModules.has(id) && !FIRST.test(id), minShareCount: 2 },
            { name: 'ground', test: SHARED, minShareCount: 3 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'tests/{conformance,integration,architecture}/**/*.test.ts'],
    setupFiles: ['tests/support/property-seed.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
