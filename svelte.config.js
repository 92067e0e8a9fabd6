import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ out: 'build' }),
    paths: { relative: false },
    inlineStyleThreshold: 2048,
    serviceWorker: { register: false },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self', 'unsafe-inline'],
        // Street tiles are opt-in and may come from any raster server the person names.
        'img-src': ['self', 'data:', 'blob:', 'https:'],
        // Own files, and strangers' by the city's proxy; sealed ones once they are opened here.
        'media-src': ['self', 'blob:'],
        'connect-src': ['self', 'ws:', 'wss:', 'https:'],
        'worker-src': ['self', 'blob:'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'frame-ancestors': ['none'],
      },
    },
    typescript: {
      config: (config) => {
        config.include = [
          ...config.include.filter((path) => !path.includes('service-worker')),
          '../src/messages/paraglide/**/*.js',
        ];
        config.exclude = [
          ...config.exclude,
          '../src/server/**',
          '../src/service-worker/**',
          '../src/launch/**',
          '../src/client/mining/assembly/**',
          '../tests/**',
        ];
      },
    },
  },
};
