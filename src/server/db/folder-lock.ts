/** One server a folder: a second one would silently lose half of the writes. Never stolen from a live process. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

const FILE = 'server.lock';
const heldHere = new Set<string>();

interface Holder {
  readonly pid: number;
  /** When that process began, where the system tells (a number may be given again to another process). */
  readonly began: string;
}

const beganOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const isAlive = ({ pid, began }: Holder): boolean => {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = beganOf(pid);
  return began === '' || now === '' || began === now;
};

const readHolder = (path: string): Holder | undefined => {
  try {
    const [pid = '', began = ''] = readFileSync(path, 'utf8').trim().split(' ');
    return /^\d+$/.test(pid) ? { pid: Number(pid), began } : undefined;
  } catch {
    return undefined;
  }
};

type LockFailure = Failure<'locked' | 'unwritable'>;

const inUse = (folder: string, by: string): Result<never, LockFailure> =>
  fail(
    'locked',
    `The data in ${folder} is in use by another server (${by}); stop it first or choose another DATA_DIR.`,
  );

const claim = (folder: string, path: string, attempts: number): Result<true, LockFailure> => {
  try {
    writeFileSync(path, `${process.pid} ${beganOf(process.pid)}\n`, { flag: 'wx' });
    return ok(true);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || attempts === 0)
      return fail('unwritable', `The folder ${folder} cannot be written to; choose another DATA_DIR.`, cause);
    const holder = readHolder(path);
    if (holder && isAlive(holder)) return inUse(folder, `process ${holder.pid}`);
    rmSync(path, { force: true, recursive: true });
    return claim(folder, path, attempts - 1);
  }
};

/** `mkdir -p`, by hand: Node's own never returns beneath /proc. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
};

/** The folder's whole path, made if missing; fails with one sentence. */
export const prepareFolder = (dataDir: string): Result<string, Failure<'unwritable'>> => {
  const folder = resolve(dataDir);
  try {
    makeFolder(folder);
    return ok(folder);
  } catch (cause) {
    return fail('unwritable', `The folder ${folder} cannot be made; choose another DATA_DIR.`, cause);
  }
};

/** Takes the folder (made if missing) until the returned function is called; fails with one sentence. */
export const lockFolder = (dataDir: string): Result<() => void, LockFailure> => {
  if (heldHere.has(resolve(dataDir))) return inUse(resolve(dataDir), 'this very process');
  const prepared = prepareFolder(dataDir);
  if (!prepared.ok) return prepared;
  const folder = prepared.value;
  const path = join(folder, FILE);
  const claimed = claim(folder, path, 2);
  if (!claimed.ok) return claimed;
  heldHere.add(folder);
  return ok(() => {
    heldHere.delete(folder);
    rmSync(path, { force: true });
  });
};
