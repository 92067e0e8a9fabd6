/**
 * The embedded database's own thread: PGlite blocks the thread it runs in. One question a message:
 * `{id, sql, parameters}` in, `{id, rows, affected}` or `{id, error}` out. Plain JavaScript, so that the tests,
 * the dev server and the build run the same file.
 */
import { openAsBlob } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const { dataDir, template } = workerData;

const start = async () => {
  const fresh = template ? { loadDataDir: await openAsBlob(template) } : {};
  const db = new PGlite({ ...(dataDir ? { dataDir } : {}), ...fresh });
  await db.waitReady;
  return db;
};

const errorOf = (cause) => ({ message: String(cause?.message ?? cause), code: cause?.code });

const answer = async (db, { id, sql, parameters }) => {
  try {
    const { rows, affectedRows } = await db.query(sql, parameters);
    parentPort.postMessage({ id, rows, affected: affectedRows ?? 0 });
  } catch (cause) {
    parentPort.postMessage({ id, error: errorOf(cause) });
  }
};

const close = async (db, id) => {
  await db.close();
  parentPort.postMessage({ id, rows: [], affected: 0 });
  parentPort.close();
};

try {
  const db = await start();
  parentPort.on('message', (message) => void (message.close ? close(db, message.id) : answer(db, message)));
  parentPort.postMessage({ ready: true });
} catch (cause) {
  parentPort.postMessage({ ready: false, error: errorOf(cause) });
}
