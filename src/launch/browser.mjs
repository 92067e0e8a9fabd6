// Finds a Chromium for the browser tests, or installs one. Plain JavaScript: runs before anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const run = (command, args) =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

const isDebianRoot = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

const playwrightsOwn = async () => {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
};

const known = async () =>
  [process.env.CHROMIUM_PATH, ...SYSTEM_PATHS].find((path) => path && existsSync(path)) ??
  (await playwrightsOwn());

const installByApt = () => {
  console.log('Installing Chromium for the browser tests (apt) …');
  const packages = ['chromium', 'fonts-noto-core', 'fonts-noto-color-emoji'];
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  return (
    run('apt-get', ['update', '-qq']) &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
  );
};

/** Path of a Chromium: $CHROMIUM_PATH, the system's, Playwright's own, else one installed now. */
export const ensureBrowser = async () => {
  const found = await known();
  if (found) return found;
  if (isDebianRoot()) installByApt();
  else {
    console.log('Installing Chromium for the browser tests (Playwright) …');
    run('npx', ['playwright', 'install', 'chromium']);
  }
  const installed = await known();
  if (!installed)
    throw new Error(
      'No Chromium was found and none could be installed. Set CHROMIUM_PATH to one and run again.',
    );
  return installed;
};

/** The browser's name and version, for tables of measured figures. */
export const browserVersion = (path) =>
  spawnSync(path, ['--version', '--no-sandbox'], { encoding: 'utf8' }).stdout?.trim() ?? 'unknown browser';
