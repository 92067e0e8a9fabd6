// After the app's build: writes what every file of it must be (Subresource Integrity, SHA-384) in front of the built service
// worker, which reads it under the name below and checks what it installs and serves.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { renewCompressed } from './compressed.mjs';

const NAME = '__CITY_INTEGRITY__';
const WORKER = 'service-worker.js';
/** Nobody precaches these: other forms of a file, and the worker itself. */
const isOther = (path) => /\.(br|gz)$/.test(path) || path === `/${WORKER}`;

const pathsUnder = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`)
    : [];

const integrityOf = (file) => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;

/** A built app's files by the path that a browser asks for. `build` is the folder of adapter-node. */
export const integritiesOf = (build) => {
  const client = pathsUnder(join(build, 'client')).filter((path) => !isOther(path));
  const pages = pathsUnder(join(build, 'prerendered')).filter((path) => path.endsWith('.html'));
  return Object.fromEntries(
    [
      ...client.map((path) => [encodeURI(path), integrityOf(join(build, 'client', path))]),
      ...pages.map((path) => [path.replace(/\.html$/, ''), integrityOf(join(build, 'prerendered', path))]),
    ].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};

/** Writes the list into the built worker, compressed forms included. Throws when the worker would not read it. */
export const writeIntegrity = (build) => {
  const worker = join(build, 'client', WORKER);
  const script = readFileSync(worker, 'utf8').replace(new RegExp(`^self\\.${NAME}=.*;\\n`), '');
  if (!script.includes(NAME))
    throw new Error(`The service worker does not ask for ${NAME}: its files would go unchecked.`);
  // A string is read faster than an object of the same size, and the worker starts cold.
  const list = JSON.stringify(JSON.stringify(integritiesOf(build)));
  writeFileSync(worker, `self.${NAME}=JSON.parse(${list});\n${script}`);
  renewCompressed(worker);
};
