import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrokenOff, receive, TooMuch } from './receive.ts';

const MEGA = 1 << 20;
let path: string;
let handle: FileHandle;
beforeEach(async () => {
  path = join(mkdtempSync(join(tmpdir(), 'receive-')), 'file');
  handle = await open(path, 'w+');
});
afterEach(() => handle.close());

const bytesOf = (count: number) =>
  Buffer.from(Uint8Array.from({ length: count }, (_, at) => (at * 31) % 253));
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
/** Everything at once, as far as the stream takes it. */
const body = (bytes: Buffer, step = 65_536) => {
  const source = new PassThrough({ highWaterMark: step });
  for (let at = 0; at < bytes.length; at += step) source.write(bytes.subarray(at, at + step));
  return source;
};
const take = (source: PassThrough, options: { from?: number; most?: number; signal?: AbortSignal } = {}) => {
  const hash = createHash('sha256');
  const { from = 0, most = Infinity, signal = new AbortController().signal } = options;
  return { hash, done: receive(source, { handle, from, most, signal, hash }) };
};

test('all of a body lies in the file, hashed', async () => {
  const bytes = bytesOf(9 * MEGA + 17);
  const source = body(bytes);
  source.end();
  const { hash, done } = take(source);
  expect(await done).toEqual({ position: bytes.length });
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(hash.digest('hex')).toBe(sha(bytes));
});

test('a body goes on where another ended', async () => {
  await take(body(bytesOf(10)).end()).done;
  expect(await take(body(bytesOf(20)).end(), { from: 10 }).done).toEqual({ position: 30 });
  expect(readFileSync(path).equals(Buffer.concat([bytesOf(10), bytesOf(20)]))).toBe(true);
});

test('what had come before a cut is not lost: not a byte of it', async () => {
  const bytes = bytesOf(2 * MEGA + 100_000);
  const source = new PassThrough({ highWaterMark: 8 * MEGA });
  const { hash, done } = take(source);
  for (let at = 0; at < bytes.length; at += 65_536) source.write(bytes.subarray(at, at + 65_536));
  await new Promise((resolve) => setImmediate(resolve));
  source.destroy(new Error('reset'));
  const { position, broke } = await done;
  expect([position, broke]).toEqual([bytes.length, expect.any(BrokenOff)]);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(hash.digest('hex')).toBe(sha(bytes));
});

test('a body that is gone already is cut at once', async () => {
  const source = new PassThrough();
  source.destroy();
  expect(await take(source).done).toEqual({ position: 0, broke: expect.any(BrokenOff) });
});

test('more than may come is not taken', async () => {
  const { done } = take(body(bytesOf(3 * MEGA)).end(), { most: MEGA });
  const { position, broke } = await done;
  expect([position, broke]).toEqual([MEGA, expect.any(TooMuch)]);
  expect(readFileSync(path)).toHaveLength(MEGA);
});

test('whoever waits for its place ends it, and what came stays', async () => {
  const stop = new AbortController();
  const source = body(bytesOf(1000));
  const { done } = take(source, { signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect(await done).toEqual({ position: 1000 });
});

test('a disk that fails keeps what was whole', async () => {
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  let cut = -1;
  const failing = {
    writev: () => Promise.reject(full),
    truncate: async (to: number) => void (cut = to),
  } as unknown as FileHandle;
  const hash = createHash('sha256');
  const { signal } = new AbortController();
  const source = body(bytesOf(3 * MEGA)).end();
  const done = await receive(source, { handle: failing, from: 7, most: Infinity, signal, hash });
  expect(done).toEqual({ position: 7, broke: full });
  expect([cut, source.isPaused()]).toEqual([7, true]);
});
