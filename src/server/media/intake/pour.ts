/** Bytes from a stream into a file, in few large writes, hashed while they are written. */
import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const BATCH_BYTES = 1 << 20;

export interface Pouring {
  readonly handle: FileHandle;
  /** Where in the file it begins. */
  readonly from: number;
  /** Hears every byte that was written, in order. */
  readonly hash?: Hash;
}

/** Writes chunks one after the other from a position on; resolves with how many bytes they were. Throws on I/O. */
export const writeAll = async (
  handle: FileHandle,
  chunks: readonly Uint8Array[],
  position: number,
): Promise<number> => {
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await handle.writev(chunks, position);
  if (bytesWritten === total) return total;
  // Seldom less is taken than was given: the rest again.
  const bytes = Buffer.concat(chunks, total);
  for (let done = bytesWritten; done < total;)
    done += (await handle.write(bytes, done, total - done, position + done)).bytesWritten;
  return total;
};

/** Poured as far as `position`: where the stream ended, or why it broke off. What lies in the file and what was hashed agree. */
export interface Poured {
  readonly position: number;
  readonly broke?: unknown;
}

/**
 * Writes all that comes. A stream that breaks keeps what came; a disk that fails keeps what was whole (the rest is cut off again).
 * Throws when the file cannot even be cut.
 */
export const pour = async (
  source: AsyncIterable<Uint8Array>,
  { handle, from, hash }: Pouring,
): Promise<Poured> => {
  let position = from;
  let batch: Uint8Array[] = [];
  let gathered = 0;
  const flush = async (): Promise<void> => {
    if (gathered === 0) return;
    const chunks = batch;
    [batch, gathered] = [[], 0];
    const written = await writeAll(handle, chunks, position);
    for (const chunk of chunks) hash?.update(chunk);
    position += written;
  };
  let broke: unknown;
  try {
    for await (const chunk of source) {
      batch.push(chunk);
      gathered += chunk.length;
      if (gathered >= BATCH_BYTES) await flush();
    }
  } catch (cause) {
    broke = cause;
  }
  try {
    await flush();
  } catch (cause) {
    broke = cause;
    await handle.truncate(position);
  }
  return broke === undefined ? { position } : { position, broke };
};
