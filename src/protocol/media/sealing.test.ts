import fc from 'fast-check';
import { createDecipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  CHUNK_BYTES,
  chunkCount,
  chunkNonce,
  FileSealer,
  makeFileKey,
  plainSize,
  sealedSize,
  WHOLE_MAX,
} from './sealing.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const bytesOf = (length: number, value = 7): Bytes => new Uint8Array(length).fill(value);
const stream = { algorithm: 'aes-gcm-stream', key: bytesOf(32, 1), nonce: bytesOf(7, 2) } as const;
const sealer = await FileSealer.open(stream);

test('small files are sealed whole, large ones in chunks, each with a key of its own', () => {
  const [small, large] = [makeFileKey(WHOLE_MAX), makeFileKey(WHOLE_MAX + 1)];
  expect([small.algorithm, small.nonce.length, large.algorithm, large.nonce.length]).toEqual([
    'aes-gcm',
    12,
    'aes-gcm-stream',
    7,
  ]);
  expect(small.key.length).toBe(32);
  expect(makeFileKey(1).key).not.toEqual(makeFileKey(1).key);
});

test('a chunk comes back, and only as the chunk that it is', async () => {
  const plain = bytesOf(1000);
  const sealed = await sealer.sealChunk(plain, 3, false);
  expect(await sealer.sealChunk(plain, 3, false)).toEqual(sealed);
  expect(await sealer.openChunk(sealed, 3, false)).toEqual({ ok: true, value: plain });
  for (const [number, isLast] of [
    [2, false],
    [4, false],
    [3, true],
  ] as const)
    expect(await sealer.openChunk(sealed, number, isLast)).toMatchObject({
      ok: false,
      error: { code: 'damaged' },
    });
  const foreign = await FileSealer.open({ ...stream, nonce: bytesOf(7, 3) });
  expect((await foreign.openChunk(sealed, 3, false)).ok).toBe(false);
  expect((await sealer.openChunk(sealed.slice(0, -1), 3, false)).ok).toBe(false);
  expect((await sealer.openChunk(new Uint8Array(3), 3, false)).ok).toBe(false);
});

test('a whole file is plain AES-256-GCM, as other clients read it', async () => {
  const key = makeFileKey(10);
  const sealed = await (await FileSealer.open(key)).seal(bytesOf(10, 9));
  const reader = createDecipheriv('aes-256-gcm', key.key, key.nonce);
  reader.setAuthTag(sealed.slice(-16));
  expect(new Uint8Array(Buffer.concat([reader.update(sealed.slice(0, -16)), reader.final()]))).toEqual(
    bytesOf(10, 9),
  );
});

test('a key of another length is no key', async () => {
  await expect(FileSealer.open({ key: bytesOf(16), nonce: bytesOf(12) })).rejects.toThrow(TypeError);
});

test('nonces of a file never repeat', () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff_ffff),
      fc.nat(0xffff_ffff),
      fc.boolean(),
      fc.boolean(),
      (a, b, lastA, lastB) => {
        const same = chunkNonce(stream.nonce, a, lastA).join() === chunkNonce(stream.nonce, b, lastB).join();
        expect(same).toBe(a === b && lastA === lastB);
      },
    ),
  );
  expect([...chunkNonce(stream.nonce, 258, true)]).toEqual([2, 2, 2, 2, 2, 2, 2, 0, 0, 1, 2, 1]);
});

test('sizes are told both ways, and a length that no sealed file has is not', () => {
  fc.assert(
    fc.property(fc.nat(2_147_483_648), fc.constantFrom('aes-gcm', 'aes-gcm-stream'), (size, algorithm) => {
      expect(plainSize(sealedSize(size, algorithm), algorithm)).toBe(size);
    }),
  );
  expect([0, 1, CHUNK_BYTES, CHUNK_BYTES + 1].map(chunkCount)).toEqual([1, 1, 1, 2]);
  expect([plainSize(15, 'aes-gcm'), plainSize(CHUNK_BYTES + 16 + 16, 'aes-gcm-stream')]).toEqual([
    undefined,
    undefined,
  ]);
});
