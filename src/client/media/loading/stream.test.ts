import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { CHUNK_BYTES, FileSealer, TAG_BYTES } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { hashHere } from '../sealing/hashing.ts';
import { pouringShelf } from './pieces.ts';
import { fetchStream } from './stream.ts';
import type { ChunkShelf } from './stream.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;
const SIZE = 2 * CHUNK_BYTES + 5_000;
const plain = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31) % 253);
const key: FileKey = {
  algorithm: 'aes-gcm-stream',
  key: new Uint8Array(32).fill(7),
  nonce: new Uint8Array(7).fill(9),
};
const sha = (bytes: Bytes) => createHash('sha256').update(bytes).digest('hex');

let sealed: Bytes;
beforeAll(async () => {
  const sealer = await FileSealer.open(key);
  const chunks = await Promise.all(
    [0, 1, 2].map((n) => sealer.sealChunk(plain.slice(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES), n, n === 2)),
  );
  sealed = new Uint8Array(Buffer.concat(chunks));
});

const shelf = (): ChunkShelf & { chunks: Map<number, Bytes> } => {
  const chunks = new Map<number, Bytes>();
  return {
    chunks,
    has: (number: number) => chunks.has(number),
    get: async (number: number) => chunks.get(number),
    put: async (number: number, bytes: Bytes) => (chunks.set(number, bytes), true),
  };
};
const run = async (bytes: Bytes, kept = shelf(), hash = sha(sealed)) => {
  const asked: (string | null)[] = [];
  const fetch = (async (_url: unknown, init?: RequestInit) => {
    const range = new Headers(init?.headers).get('range');
    asked.push(range);
    const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
    const headers: Record<string, string> =
      range === null ? {} : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    return new Response(bytes.slice(from), { status: range === null ? 200 : 206, headers });
  }) as typeof globalThis.fetch;
  const done = await fetchStream(
    { url: 'https://city.test/f', hash, key, size: SIZE, shelf: kept, beginHash: hashHere },
    { fetch, wait: () => Promise.resolve() },
  );
  return { done, asked, kept };
};

test('every chunk is opened as it comes, and the whole is what was sent', async () => {
  const { done, kept } = await run(sealed);
  expect(done.ok).toBe(true);
  expect(Buffer.concat([...kept.chunks.values()]).equals(Buffer.from(plain))).toBe(true);
});

test('after a reload only what is missing is asked for, and the hash still holds', async () => {
  const kept = shelf();
  kept.chunks.set(0, plain.slice(0, CHUNK_BYTES));
  const { done, asked } = await run(sealed, kept);
  expect([done.ok, asked]).toEqual([true, [`bytes=${SEALED_CHUNK}-`]]);
});

test('a byte changed anywhere ends it before that chunk is seen', async () => {
  const spoilt = sealed.slice();
  spoilt[SEALED_CHUNK + 17] = (spoilt[SEALED_CHUNK + 17] ?? 0) ^ 1;
  const { done, kept } = await run(spoilt);
  expect(done).toMatchObject({ error: { code: 'damaged' } });
  expect([...kept.chunks.keys()]).toEqual([0]);
});

test('chunks in another order, and an end before the end, are damaged', async () => {
  const swapped = sealed.slice();
  swapped.set(sealed.subarray(0, SEALED_CHUNK), SEALED_CHUNK);
  swapped.set(sealed.subarray(SEALED_CHUNK, 2 * SEALED_CHUNK), 0);
  expect((await run(swapped)).done).toMatchObject({ error: { code: 'damaged' } });
  expect((await run(sealed.slice(0, 2 * SEALED_CHUNK))).done).toMatchObject({ error: { code: 'damaged' } });
});

test('right chunks under another hash are not the file that was meant', async () => {
  expect((await run(sealed, shelf(), 'ab'.repeat(32))).done).toMatchObject({ error: { code: 'damaged' } });
});

test('who pours it out is never more than a few chunks ahead of who takes it, and waits for the last', async () => {
  const log: string[] = [];
  let taken = 0;
  const pouring = pouringShelf(async (bytes) => {
    log.push('given');
    await new Promise((resolve) => setTimeout(resolve, 5));
    taken += bytes.length;
    return bytes;
  });
  const { done } = await run(sealed, { ...shelf(), ...pouring });
  expect([done.ok, taken, log.length]).toEqual([true, SIZE, 3]);
});

test('a taker who has no room ends it', async () => {
  const pouring = pouringShelf(() => Promise.reject(new Error('full')));
  const { done } = await run(sealed, { ...shelf(), ...pouring });
  expect(done).toMatchObject({ error: { code: 'too-big' } });
});
