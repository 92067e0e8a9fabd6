// `npm run soak`: what takes too long for every test run. A hundred browsers killed while they write, and a hundred thousand lines
// kept, scrolled and searched in a browser, 300 MB sealed, cut, reloaded and received; 500 MB sent through ten cuts, and 2 GB sealed
// and sent beside a plain PUT (`media`: these two alone).
import { spawn } from 'node:child_process';
import { installDependencies } from './install.mjs';

const CONFIG = 'tests/e2e/playwright.config.ts';

await installDependencies();
const { ensureBrowser } = await import('./browser.mjs');
const { build } = await import('./build.mjs');
const chromium = await ensureBrowser();
await build();
const wanted = process.argv.slice(2);
const all = wanted.length > 0 ? wanted : ['crash', 'history', 'direct', 'media'];
const specs = all.filter((name) => name !== 'media');

/** Whether it ended well. */
const run = (command, settings) =>
  new Promise((resolve) => {
    const env = { ...settings, ...process.env, CHROMIUM_PATH: chromium };
    spawn(command[0], command.slice(1), { stdio: 'inherit', env }).on('exit', (code) => resolve(code === 0));
  });

const steps = [];
if (specs.length > 0)
  steps.push(() =>
    run(['npx', 'playwright', 'test', `--config=${CONFIG}`, ...specs], {
      SOAK_KILLS: '100',
      SOAK_LINES: '100000',
      SEALED_MB: '300',
    }),
  );
if (all.includes('media')) {
  const cuts = ['npx', 'vitest', 'run', 'tests/integration/media-sending.test.ts', '-t', 'cut ten times'];
  steps.push(() => run(cuts, { CUT_MB: '477' }));
  steps.push(() =>
    run([process.execPath, 'src/launch/bench.mjs', 'media:send'], { FILES_MB: '2048', MEDIA_ROUNDS: '1' }),
  );
}
let isWell = true;
for (const step of steps) isWell = (await step()) && isWell;
process.exitCode = isWell ? 0 : 1;
