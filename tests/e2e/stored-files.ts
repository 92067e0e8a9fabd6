/** What the city's disk holds of files. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CityProcess } from './city-process.ts';

/** Every stored file of the city. */
export const storedFiles = async ({ folder }: Pick<CityProcess, 'folder'>): Promise<Buffer[]> => {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const blobs = files.filter((file) => file.isFile() && /^[0-9a-f]{64}(\.\w+)?$/.test(file.name));
  return Promise.all(blobs.map((file) => readFile(join(file.parentPath, file.name))));
};
