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
  ],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What nearly every screen shares travels as one file, not as sixty.
        advancedChunks: {
          groups: [
            {
              name: 'ground',
              test: /src\/(ui|messages|shared|protocol)\/|node_modules\/(svelte|clsx|esm-env|@lucide)\//,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'tests/{conformance,integration,architecture}/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
