// `npm start`: installs what is missing, builds what changed, opens the city. `--demo`: the same with a seeded city;
// `--lines N` beside it: and one old place in it where so much was said.
import { installDependencies } from './install.mjs';

if (process.argv.includes('--demo')) {
  process.env.DEMO = '1';
  process.env.DATA_DIR ||= './data/demo';
  const lines = process.argv.indexOf('--lines');
  if (lines > 0) process.env.DEMO_LINES = process.argv[lines + 1] ?? 'none';
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
