// `npm run soak`: what takes too long for every test run. A hundred browsers killed while they write, and a hundred thousand lines
// kept, scrolled and searched in a browser, 300 MB sealed, cut, reloaded and received.
import { spawn } from 'node:child_process';
import { installDependencies } from './install.mjs';

const CONFIG = 'tests/e2e/playwright.config.ts';

await installDependencies();
const { ensureBrowser } = await import('./browser.mjs');
const { build } = await import('./build.mjs');
const chromium = await ensureBrowser();
await build();
const wanted = process.argv.slice(2);
const specs = wanted.length > 0 ? wanted : ['crash', 'history', 'direct'];
const child = spawn('npx', ['playwright', 'test', `--config=${CONFIG}`, ...specs], {
  stdio: 'inherit',
  env: { SOAK_KILLS: '100', SOAK_LINES: '100000', SEALED_MB: '300', ...process.env, CHROMIUM_PATH: chromium },
});
child.on('exit', (code) => (process.exitCode = code ?? 1));
