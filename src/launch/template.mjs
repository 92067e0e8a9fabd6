/**
 * An archive of an empty embedded database, made once for each version of PGlite: a fresh city starts from it in half
 * a second instead of three. Kept in node_modules/.cache, so it goes when the dependencies go.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modules = new URL('../../node_modules/', import.meta.url);

const versionOf = () =>
  JSON.parse(readFileSync(new URL('@electric-sql/pglite/package.json', modules), 'utf8')).version;

/**
 * The archive's path; made when missing.
 * @returns {Promise<string>}
 */
export const ensureTemplate = async () => {
  const folder = fileURLToPath(new URL('.cache/synchrono-city/', modules));
  const path = `${folder}pglite-${versionOf()}.tar`;
  if (existsSync(path)) return path;
  const { PGlite } = await import('@electric-sql/pglite');
  const db = new PGlite();
  await db.waitReady;
  const archive = await db.dumpDataDir('none');
  await db.close();
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, Buffer.from(await archive.arrayBuffer()));
  renameSync(unfinished, path);
  return path;
};
