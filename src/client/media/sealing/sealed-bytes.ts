/** A file's sealed bytes, one after the other, with the hash of all of them. */
import { CHUNK_BYTES, chunkCount, FileSealer } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import type { BeginHash } from './hashing.ts';
import { readSource } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Chunks that are read and sealed before their turn: the machine seals beside whoever takes them. */
const AHEAD = 2;

/**
 * Seals a file chunk by chunk, at most a few of them in memory; hash in hex. What `take` was given is gone once it resolves. Throws what
 * reading and `take` throw.
 */
export const sealBody = async (
  body: Blob,
  key: FileKey,
  take: (sealed: Bytes) => Promise<void>,
  beginHash: BeginHash,
): Promise<string> => {
  const [sealer, hash] = await Promise.all([FileSealer.open(key), beginHash(body.size)]);
  const keep = async (sealed: Bytes): Promise<void> => {
    await take(sealed);
    await hash.add(sealed);
  };
  if (key.algorithm === 'aes-gcm') {
    await keep(await sealer.seal(await readSource(body, 0, body.size)));
    return hash.end();
  }
  const count = chunkCount(body.size);
  const seal = async (number: number): Promise<Bytes> => {
    const from = number * CHUNK_BYTES;
    const bytes = await readSource(body, from, Math.min(body.size, from + CHUNK_BYTES));
    const sealing = sealer.sealChunk(bytes, number, number === count - 1);
    hash.free(bytes); // sealing has its own copy
    return sealing;
  };
  const ahead: Promise<Bytes>[] = [];
  for (let number = 0, next = 0; number < count; number++) {
    for (; next < count && next <= number + AHEAD; next++) {
      const sealing = seal(next);
      sealing.catch(() => undefined);
      ahead.push(sealing);
    }
    const sealed = await ahead.shift();
    if (sealed) await keep(sealed);
  }
  return hash.end();
};
