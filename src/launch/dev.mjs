// `npm run dev`: the app with hot reloading and the city's server on one port (PORT, default 5173; POW=test by default).
import { installDependencies } from './install.mjs';

await installDependencies();
const { buildMapData } = await import('./build-map-data.mjs');
const { buildDemoData } = await import('./build-demo-data.mjs');
const { createServer } = await import('vite');
const { relayInDev } = await import('./relay-in-dev.mjs');

const stopWith = (cause) => {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exit(1);
};

try {
  await buildMapData();
  await buildDemoData();
  const server = await createServer({
    server: {
      port: Number(process.env.PORT || 5173),
      host: process.env.HOST || '127.0.0.1',
      strictPort: true,
    },
    plugins: [relayInDev()],
  });
  await server.listen();
  server.printUrls();
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => server.close().then(() => process.exit(0), stopWith));
} catch (cause) {
  stopWith(cause);
}
