/** Pictures made fit for everybody (BUD-05): turned upright, nothing told of where and with what they were taken, not larger than a screen. */
import { createHash, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Gathered } from './intake/gather.ts';
import { fullDisk } from './storing/folder-store.ts';

const MOST_PIXELS = 60_000_000;
const MOST_SIDE = 2560;
const QUALITY = 82;
const AT_ONCE = 2;
const MOST_WAITING = 20;

let working = 0;
const waiting: (() => void)[] = [];

/** Few at a time: a large picture takes hundreds of megabytes while it is worked on. */
const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (working >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  working++;
  try {
    return await work();
  } finally {
    working--;
    waiting.shift()?.();
  }
};

const shrink = async (path: string): Promise<Result<Buffer, Failure<'picture'>>> => {
  const { default: sharp } = await import('sharp');
  try {
    return ok(
      await sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'error', animated: true })
        .rotate()
        .resize({ width: MOST_SIDE, height: MOST_SIDE, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: QUALITY })
        .toBuffer(),
    );
  } catch (cause) {
    return fail('picture', 'this is no picture that can be worked on', cause);
  }
};

/** A new gathered file beside the given one, as WebP. Throws on I/O. */
export const polish = async (
  file: Gathered,
): Promise<Result<Gathered & { readonly type: string }, Failure<'picture' | 'busy' | 'full' | 'away'>>> => {
  if (waiting.length >= MOST_WAITING) return fail('busy', 'too many pictures wait; try again later');
  const shrunk = await inTurn(() => shrink(file.path));
  if (!shrunk.ok) return shrunk;
  const path = join(dirname(file.path), randomUUID());
  try {
    await writeFile(path, shrunk.value, { mode: 0o600, flush: true });
  } catch (cause) {
    await rm(path, { force: true });
    return fullDisk(cause);
  }
  const hash = createHash('sha256').update(shrunk.value).digest('hex');
  return ok({ path, size: shrunk.value.length, hash, type: 'image/webp' });
};
