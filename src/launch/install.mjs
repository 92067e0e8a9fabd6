// Installs the npm dependencies when they are missing or the lockfile asks for others. Needs nothing installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const OLDEST_NODE = 20;

const readPackages = (file) => JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages;

/** True when node_modules holds what the lockfile names (packages for other machines aside). */
const areDependenciesInstalled = () => {
  if (!existsSync(`${root}node_modules/.package-lock.json`)) return false;
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || present[path]?.version === version,
  );
};

/** Ends the process with one sentence when Node is too old. */
const requireNode = () => {
  const major = Number(process.versions.node.split('.', 1)[0]);
  if (major >= OLDEST_NODE) return;
  console.error(
    `Synchrono City needs Node.js ${OLDEST_NODE} or newer, this is ${process.versions.node}; see https://nodejs.org.`,
  );
  process.exit(1);
};

const npmCi = () =>
  new Promise((resolve) => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const child = spawn(npm, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });

/** Brings node_modules to what the lockfile says; ends the process with one sentence when that fails. */
export const installDependencies = async () => {
  requireNode();
  if (areDependenciesInstalled()) return;
  console.log('Installing what the city needs from npm (once, about a minute) …');
  if ((await npmCi()) === 0) return;
  console.error('The dependencies could not be installed; run `npm ci` to see why.');
  process.exit(1);
};
