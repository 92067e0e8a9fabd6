/** A request's body into a file of its own, hashed while it comes: nothing half-sent is ever seen by anybody. */
import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { fullDisk } from '../storing/folder-store.ts';
import { checkDisk } from './disk.ts';
import { watchPace } from './pace.ts';
import type { Pace } from './pace.ts';
import { pour } from './pour.ts';

/** A whole file on the local disk. Whoever asked for it removes it. */
export interface Gathered {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
}

export type GatherFailure = Failure<'too-large' | 'too-slow' | 'cut' | 'full'>;

class TooLarge extends Error {}
class TooSlow extends Error {}

export const tooLarge = (most: number) =>
  fail('too-large', `such a file has at most ${most.toLocaleString('en')} bytes`);

/** Bytes up to a limit, as they come. */
async function* upTo(source: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > most) throw new TooLarge();
    yield chunk;
  }
}

/** A request's body, ending with an error when its sender only drips. The connection stays, for an answer. */
export async function* bodyOf(request: IncomingMessage, pace: Pace): AsyncGenerator<Uint8Array> {
  let refuse: (cause: Error) => void = () => undefined;
  const slow = new Promise<never>((_, reject) => (refuse = reject));
  slow.catch(() => undefined); // nobody may be waiting just then
  const stop = watchPace(request, pace, () => refuse(new TooSlow()));
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), slow]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    stop();
  }
}

const failureOf = (cause: unknown, most: number): Result<never, GatherFailure> => {
  if (cause instanceof TooLarge) return tooLarge(most);
  if (cause instanceof TooSlow) return fail('too-slow', 'the bytes came too slowly');
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullDisk(cause) as Result<never, GatherFailure>;
  return fail('cut', 'the connection broke off', cause);
};

/** Everything that comes, into a new file of a folder; the file is flushed when this ends well and gone when it does not. */
export const gather = async (
  source: AsyncIterable<Uint8Array>,
  {
    folder,
    most,
    expected = 0,
  }: { readonly folder: string; readonly most: number; readonly expected?: number | undefined },
): Promise<Result<Gathered, GatherFailure>> => {
  const path = join(folder, randomUUID());
  const hash = createHash('sha256');
  try {
    const room = await checkDisk(folder, expected);
    if (!room.ok) return room;
    const handle = await open(path, 'wx', 0o600);
    try {
      const { position, broke } = await pour(upTo(source, most), { handle, from: 0, hash });
      if (broke !== undefined) throw broke;
      await handle.sync();
      return ok({ path, size: position, hash: hash.digest('hex') });
    } finally {
      await handle.close();
    }
  } catch (cause) {
    await rm(path, { force: true });
    return failureOf(cause, most);
  }
};

/** Removes files that somebody began to send before a time (milliseconds) and never finished, as a crash leaves them. */
export const sweepGathered = async (folder: string, before: number): Promise<number> => {
  let gone = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile() || found.mtimeMs >= before) continue;
    await rm(path, { force: true });
    gone++;
  }
  return gone;
};
