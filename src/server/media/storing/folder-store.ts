/** Blobs as files in a folder. A file appears under its hash whole or not at all. */
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { placeOfBlob } from './blob-store.ts';
import type { BlobStore, StoreFailure } from './blob-store.ts';

/** Few, large reads: a stream's own 64 KiB cost more asking than reading. */
const READ_BYTES = 512 * 1024;

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException).code;

/** The failure of a disk without room; throws everything else, which is broken I/O. */
export const fullDisk = (cause: unknown): Result<never, StoreFailure> => {
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail('full', 'the city has no room for this file just now', cause);
  throw cause;
};

const settle = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** A second name for the same bytes where the disk knows such a thing, else a copy that is renamed once it is whole. */
const place = async (file: string, path: string): Promise<void> => {
  try {
    await link(file, path);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'EEXIST') return;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'ENOENT') throw cause;
    const unfinished = `${path}.unfinished-${process.pid}`;
    try {
      await copyFile(file, unfinished);
      await settle(unfinished);
      await rename(unfinished, path);
    } catch (reason) {
      await rm(unfinished, { force: true });
      throw reason;
    }
  }
  await settle(dirname(path));
};

/** Opens the folder's store; folders are made when they are needed. */
export const openFolderStore = (folder: string): BlobStore => {
  const pathOf = (hash: string): string => join(folder, placeOfBlob(hash));
  return {
    put: async (hash, file) => {
      const path = pathOf(hash);
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await place(file, path);
        return ok(true);
      } catch (cause) {
        return fullDisk(cause);
      }
    },
    has: async (hash) => {
      const found = await stat(pathOf(hash)).catch(() => undefined);
      return ok(found?.isFile() ?? false);
    },
    open: async (hash, range) => {
      const handle = await open(pathOf(hash), 'r').catch((cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return undefined;
        throw cause;
      });
      if (!handle) return fail('missing', 'the file is not where it should be');
      return ok(
        createReadStream('', { fd: handle, highWaterMark: READ_BYTES, ...(range ?? {}), autoClose: true }),
      );
    },
    remove: async (hash) => {
      await rm(pathOf(hash), { force: true });
      return ok(true);
    },
    close: () => undefined,
  };
};
