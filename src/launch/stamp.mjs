// Tells whether files changed since something was made from them: a hash over paths, sizes and times.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const generated = /(^|\/)(paraglide|generated|node_modules|\.svelte-kit)(\/|$)|generated\.json$|\.test\.ts$/;

const filesOf = (path) => {
  if (!existsSync(path) || generated.test(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
};

/** One text that changes when any of the files (folders are walked) does. */
export const stampOf = (paths) => {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
};

/** The stamp kept in a file; undefined when there is none. */
export const readStamp = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** Keeps a stamp. */
export const writeStamp = (file, stamp) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp);
};
