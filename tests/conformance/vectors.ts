/** Where the published vectors are: `VECTORS_DIR`, else `../shared/vectors` beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const directory = resolve(process.env['VECTORS_DIR'] ?? '../shared/vectors');

/** The text of a vector file; undefined, after a loud word, where it is missing. */
export const readVectors = (file: string): string | undefined => {
  const path = join(directory, file);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  console.warn(
    `\n!!! The published vectors ${file} are not at ${path}: their tests are SKIPPED. ` +
      'Set VECTORS_DIR to the folder that holds them.\n',
  );
  return undefined;
};
