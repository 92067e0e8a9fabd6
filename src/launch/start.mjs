// `npm start`: installs what is missing, builds what changed, opens the city. `--demo`: the same with a seeded city.
import { installDependencies } from './install.mjs';

if (process.argv.includes('--demo')) {
  process.env.DEMO = '1';
  process.env.DATA_DIR ||= './data/demo';
}

await installDependencies();
try {
  const { build } = await import('./build.mjs');
  await build();
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exit(1);
}
await import('../../build/server.js');
