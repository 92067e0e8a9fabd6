import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { CHUNK_BYTES } from '#protocol/media/sealing.ts';
import {
  key,
  plainBytes,
  seal,
  SEALED_CHUNK,
  sealedCity,
  sha256,
} from '../../../../tests/support/sealed-city.ts';
import { SealedReader } from './sealed-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const SIZE = 5 * CHUNK_BYTES + 5_000;
const plain = plainBytes(SIZE);
const whole = { start: 0, end: SIZE - 1 };
let sealed: Bytes;
beforeAll(async () => {
  sealed = await seal(plain);
});

const url = 'https://city.test/f';
const readerOf = (bytes: Bytes, told: Partial<{ hash: string; size: number }> = {}) => {
  const city = sealedCity(bytes);
  const source = { url, hash: sha256(sealed), key, size: SIZE, ...told };
  return { reader: new SealedReader(source, city.ports), asked: city.asked };
};

/** What came, and how it ended. */
const read = async (reader: SealedReader, range: { start: number; end: number }, most = Infinity) => {
  const stop = new AbortController();
  const got: Uint8Array[] = [];
  for await (const piece of reader.read(range, stop.signal)) {
    if (!piece.ok) return { got: Buffer.concat(got), error: piece.error.code };
    got.push(piece.value);
    if (got.length >= most) break;
  }
  stop.abort();
  return { got: Buffer.concat(got), error: undefined };
};

test('any part is what was sealed, and only its chunks are asked for', async () => {
  const byte = fc.integer({ min: 0, max: SIZE - 1 });
  await fc.assert(
    fc.asyncProperty(byte, byte, async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const { reader, asked } = readerOf(sealed);
      const { got } = await read(reader, { start, end });
      expect(got.equals(plain.subarray(start, end + 1))).toBe(true);
      const first = Math.floor(start / CHUNK_BYTES) * SEALED_CHUNK;
      const last = Math.min(sealed.length, (Math.floor(end / CHUNK_BYTES) + 1) * SEALED_CHUNK) - 1;
      expect(asked[0]?.startsWith(`bytes=${first}-`)).toBe(true);
      expect(asked.at(-1)?.endsWith(`-${last}`)).toBe(true);
    }),
    { numRuns: 12 },
  );
});

test('the beginning is there before the end was asked for', async () => {
  const { reader, asked } = readerOf(sealed);
  const { got } = await read(reader, whole, 1);
  expect(got.length).toBe(CHUNK_BYTES);
  expect(asked.some((range) => range.endsWith(`-${sealed.length - 1}`))).toBe(false);
});

test('the same small part is asked of the city once', async () => {
  const { reader, asked } = readerOf(sealed);
  for (let time = 0; time < 3; time++) await read(reader, { start: 10, end: 20 });
  expect(asked).toEqual([`bytes=0-${SEALED_CHUNK - 1}`]);
});

const spoilt = (change: (bytes: Bytes) => Bytes | void): Bytes => {
  const bytes = sealed.slice();
  return change(bytes) ?? bytes;
};

test('swapped chunks end it before one of them is seen', async () => {
  const swapped = spoilt((bytes) => {
    bytes.set(sealed.subarray(SEALED_CHUNK, 2 * SEALED_CHUNK), 2 * SEALED_CHUNK);
    bytes.set(sealed.subarray(2 * SEALED_CHUNK, 3 * SEALED_CHUNK), SEALED_CHUNK);
  });
  const { got, error } = await read(readerOf(swapped).reader, whole);
  expect([got.length, error]).toEqual([CHUNK_BYTES, 'damaged']);
});

test('one changed bit is found wherever it lies, and no byte of its chunk comes out', async () => {
  for (const at of [0, SEALED_CHUNK - 1, 3 * SEALED_CHUNK + 9, sealed.length - 1]) {
    const bytes = spoilt((copy) => void (copy[at] = (copy[at] ?? 0) ^ 1));
    const { got, error } = await read(readerOf(bytes).reader, whole);
    expect(error).toBe('damaged');
    expect(got.length).toBeLessThanOrEqual(Math.floor(at / SEALED_CHUNK) * CHUNK_BYTES);
  }
});

test('a file that ends early is found at its first byte', async () => {
  for (const length of [sealed.length - 1, 5 * SEALED_CHUNK, 3 * SEALED_CHUNK + 5, 1]) {
    const { reader } = readerOf(sealed.slice(0, length));
    expect(await read(reader, whole)).toMatchObject({ error: 'damaged' });
    expect(await read(reader, { start: SIZE - 10, end: SIZE - 1 })).toMatchObject({ error: 'damaged' });
  }
});

test('without its last chunk it is not whole, even where the record says so', async () => {
  const size = 5 * CHUNK_BYTES;
  const { reader } = readerOf(sealed.slice(0, 5 * SEALED_CHUNK), { size });
  const { got, error } = await read(reader, { start: 0, end: size - 1 });
  expect(error).toBe('damaged');
  expect(got.length).toBeLessThan(size);
});

test('a wrong length in the record is found, longer or shorter', async () => {
  for (const size of [SIZE + 1, SIZE - 1, SIZE + CHUNK_BYTES, CHUNK_BYTES]) {
    const { reader } = readerOf(sealed, { size });
    expect(await read(reader, { start: 0, end: size - 1 })).toMatchObject({ error: 'damaged' });
  }
});

test('right chunks under another hash: the last of them is held back', async () => {
  const { reader } = readerOf(sealed, { hash: 'ab'.repeat(32) });
  const { got, error } = await read(reader, whole);
  expect(error).toBe('damaged');
  expect(got.length).toBeLessThan(SIZE);
});

test('who stops is asked for nothing more', async () => {
  const { reader, asked } = readerOf(sealed);
  await read(reader, whole, 1);
  const count = asked.length;
  await new Promise((go) => setTimeout(go, 20));
  expect(asked.length).toBeLessThanOrEqual(count + 1);
});
