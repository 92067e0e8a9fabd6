/** Room on the disk, looked at before bytes come: the database lives there too and must never be left without any. */
import { mkdir, statfs } from 'node:fs/promises';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

const MOST_SPARED = 512 * 1024 * 1024;
/** Of a small disk a twentieth stays free. */
const SPARED_PART = 20;

/** Whether a folder's disk has room for so many bytes and some to spare. Throws on I/O. */
export const checkDisk = async (folder: string, size: number): Promise<Result<true, Failure<'full'>>> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bavail, blocks, bsize } = await statfs(folder);
  const spared = Math.min(MOST_SPARED, (blocks * bsize) / SPARED_PART);
  return bavail * bsize >= size + spared
    ? ok(true)
    : fail('full', 'the city has no room for this file just now');
};
