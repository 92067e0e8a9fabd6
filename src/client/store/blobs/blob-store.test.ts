import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryFiles } from '../../../../tests/support/memory-files.ts';
import { makeProfileKeys } from '../../../../tests/support/profile-keys.ts';
import { BlobStore, FRAME_BYTES } from './blob-store.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const keys = await makeProfileKeys();
const open = async (files = new MemoryFiles(), owner = keys) => ({
  files,
  blobs: await BlobStore.open(files, owner),
});
const noise = (length: number, seed = 7): Bytes => {
  const bytes = new Uint8Array(length);
  for (let at = 0, x = seed; at < length; at++) bytes[at] = x = (x * 1103515245 + 12345) & 255;
  return bytes;
};
const sha = (bytes: Bytes) => createHash('sha256').update(bytes).digest('hex');
const only = (files: MemoryFiles): Bytes => {
  const [file] = files.files.values();
  if (!file) throw new Error('no file');
  return file;
};
const big = noise(2 * FRAME_BYTES + 300);
const SEALED_FRAME = FRAME_BYTES + 29;

test.each([0, 1, 100, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, big.length])(
  '%i bytes come back under their hash, kept once',
  async (length) => {
    const { files, blobs } = await open();
    const bytes = noise(length);
    const hash = await blobs.put(bytes);
    expect(hash).toBe(sha(bytes));
    expect(await blobs.put(bytes)).toBe(hash);
    expect(files.files.size).toBe(1);
    const found = await blobs.get(hash);
    expect(found.ok && Buffer.from(found.value).equals(Buffer.from(bytes))).toBe(true);
    expect(await blobs.size(hash)).toBe(length);
  },
);

test('any stretch is what stands there, cut where the blob ends', async () => {
  const { blobs } = await open();
  const hash = await blobs.put(big);
  await fc.assert(
    fc.asyncProperty(fc.nat(big.length + 10), fc.nat(FRAME_BYTES + 10), async (from, length) => {
      const found = await blobs.get(hash, { from, to: from + length });
      const wanted = big.subarray(Math.min(from, big.length), from + length);
      expect(found.ok && Buffer.from(found.value).equals(Buffer.from(wanted))).toBe(true);
    }),
    { numRuns: 25 },
  );
  expect(await blobs.get(hash, { from: 9, to: 3 })).toEqual({ ok: true, value: new Uint8Array(0) });
});

test('a stretch reads its frames only', async () => {
  const { files, blobs } = await open();
  const hash = await blobs.put(big);
  only(files).fill(0, 8 + SEALED_FRAME, 8 + 2 * SEALED_FRAME);
  expect((await blobs.get(hash, { from: 0, to: FRAME_BYTES })).ok).toBe(true);
  expect((await blobs.get(hash, { from: 2 * FRAME_BYTES, to: big.length })).ok).toBe(true);
  expect(await blobs.get(hash, { from: 0, to: FRAME_BYTES + 1 })).toMatchObject({
    error: { code: 'damaged' },
  });
  expect(await blobs.get(hash)).toMatchObject({ error: { code: 'damaged' } });
});

test('neither name nor bytes of a file tell what it is; another profile names it otherwise', async () => {
  const { files, blobs } = await open();
  const text = new TextEncoder().encode('canary '.repeat(50));
  const hash = await blobs.put(text);
  const [[name, bytes] = ['', new Uint8Array(0)]] = files.files;
  expect([name === hash, Buffer.from(bytes).includes('canary')]).toEqual([false, false]);
  const other = await open(new MemoryFiles(), await makeProfileKeys());
  await other.blobs.put(text);
  expect([...other.files.files.keys()]).not.toContain(name);
});

test('what was swapped, cut, put under another name or taken from another profile is damaged', async () => {
  const { files, blobs } = await open();
  const hash = await blobs.put(big);
  const name = [...files.files.keys()][0] ?? '';
  const whole = only(files).slice();
  const spoil = async (file: Bytes) => {
    files.files.set(name, file);
    const found = await blobs.get(hash);
    files.files.set(name, whole);
    return found.ok ? 'ok' : found.error.code;
  };
  const swapped = whole.slice();
  swapped.set(whole.subarray(8, 8 + SEALED_FRAME), 8 + SEALED_FRAME);
  swapped.set(whole.subarray(8 + SEALED_FRAME, 8 + 2 * SEALED_FRAME), 8);
  const shorter = whole.slice(0, 8 + 2 * SEALED_FRAME);
  new DataView(shorter.buffer).setBigUint64(0, BigInt(2 * FRAME_BYTES));
  const huge = whole.slice();
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n);
  const stranger = await open(new MemoryFiles(), await makeProfileKeys());
  await stranger.blobs.put(big);
  const other = await open();
  await other.blobs.put(noise(big.length, 9));
  for (const file of [
    swapped,
    shorter,
    huge,
    whole.slice(0, 4),
    whole.slice(0, -1),
    only(stranger.files),
    only(other.files),
  ])
    expect(await spoil(file)).toBe('damaged');
  expect(await spoil(whole)).toBe('ok');
});

test('a byte changed anywhere is noticed', async () => {
  const { files, blobs } = await open();
  const bytes = noise(500);
  const hash = await blobs.put(bytes);
  await fc.assert(
    fc.asyncProperty(fc.nat(only(files).length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const file = only(files);
      file[at] = (file[at] ?? 0) ^ by;
      expect(await blobs.get(hash)).toMatchObject({ ok: false, error: { code: 'damaged' } });
      file[at] = (file[at] ?? 0) ^ by;
    }),
  );
});

test('a crash in the middle leaves no half blob, and what it left is swept at the next opening', async () => {
  const { files, blobs } = await open();
  let left = 2;
  files.guard = () => {
    if (left-- === 0) throw new Error('crash');
  };
  files.isDead = true;
  await expect(blobs.put(big)).rejects.toThrow('crash');
  expect(files.files.size).toBe(1);
  files.guard = () => undefined;
  expect(await blobs.get(sha(big))).toMatchObject({ error: { code: 'missing' } });
  const again = await open(files);
  expect(files.files.size).toBe(0);
  const hash = await again.blobs.put(big);
  await open(files);
  expect((await again.blobs.get(hash)).ok).toBe(true);
});

test('a full disk leaves nothing behind', async () => {
  const { files, blobs } = await open();
  files.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(blobs.put(big)).rejects.toThrow('full');
  expect(files.files.size).toBe(0);
});

test('a half or damaged file is written anew', async () => {
  const { files, blobs } = await open();
  const hash = await blobs.put(big);
  const name = [...files.files.keys()][0] ?? '';
  files.files.set(name, only(files).slice(0, 900));
  expect(await blobs.get(hash)).toMatchObject({ error: { code: 'damaged' } });
  await blobs.put(big);
  expect((await blobs.get(hash)).ok).toBe(true);
  only(files).fill(0, 900, 1000);
  await blobs.put(big);
  expect((await blobs.get(hash)).ok).toBe(true);
});

test('what is not here is missing; deleting it twice does no harm; usage is what lies there', async () => {
  const { blobs } = await open();
  const hash = await blobs.put(noise(1000));
  expect(await blobs.usage()).toEqual({ files: 1, bytes: 1000 + 8 + 29 });
  await blobs.delete(hash);
  await blobs.delete(hash);
  await blobs.delete('../up');
  expect(await blobs.usage()).toEqual({ files: 0, bytes: 0 });
  for (const name of [hash, '', '../up', hash.toUpperCase()])
    expect(await blobs.get(name)).toMatchObject({ error: { code: 'missing' } });
});
