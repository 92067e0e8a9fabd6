/** A file's sealed bytes, one after the other, with the hash of all of them. */
import { CHUNK_BYTES, chunkCount, FileSealer } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { beginHash } from './hashing.ts';
import { readSource } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Seals a file chunk by chunk, at most a few of them in memory; hash in hex. Throws what reading and `take` throw. */
export const sealBody = async (
  body: Blob,
  key: FileKey,
  take: (sealed: Bytes) => Promise<void>,
): Promise<string> => {
  const [sealer, hash] = await Promise.all([FileSealer.open(key), beginHash()]);
  const keep = async (sealed: Bytes): Promise<void> => {
    hash.add(sealed);
    await take(sealed);
  };
  if (key.algorithm === 'aes-gcm') {
    await keep(await sealer.seal(await readSource(body, 0, body.size)));
    return hash.end();
  }
  const count = chunkCount(body.size);
  const seal = async (number: number): Promise<Bytes> => {
    const from = number * CHUNK_BYTES;
    const bytes = await readSource(body, from, Math.min(body.size, from + CHUNK_BYTES));
    return sealer.sealChunk(bytes, number, number === count - 1);
  };
  // One ahead: reading and sealing happen beside the hash.
  let next = seal(0);
  for (let number = 0; number < count; number++) {
    const sealed = await next;
    if (number + 1 < count) {
      next = seal(number + 1);
      next.catch(() => undefined);
    }
    await keep(sealed);
  }
  return hash.end();
};
