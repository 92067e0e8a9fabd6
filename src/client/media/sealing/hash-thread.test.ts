import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { hashThrough, serveHash } from './hash-thread.ts';
import type { HashPort } from './hash-thread.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const channels: MessageChannel[] = [];
afterEach(() => channels.splice(0).forEach(({ port1 }) => port1.close()));

const open = () => {
  const channel = new MessageChannel();
  channels.push(channel);
  const { port1, port2 } = channel;
  serveHash(port2 as HashPort);
  port1.start();
  port2.start();
  const freed: number[] = [];
  const ends = { closed: 0 };
  const hashing = hashThrough(port1 as HashPort, {
    close: () => ends.closed++,
    free: ({ length }) => freed.push(length),
  });
  return { hashing, freed, ends };
};

test('bytes hashed in another thread have the hash that they have, and their memory comes back', async () => {
  const { hashing, freed, ends } = open();
  const expected = createHash('sha256');
  for (let n = 0; n < 20; n++) {
    const bytes: Bytes = new Uint8Array(randomBytes(10_000 + n));
    expected.update(bytes);
    await hashing.add(bytes);
    expect(bytes.length).toBe(0);
  }
  expect(await hashing.end()).toBe(expected.digest('hex'));
  expect(freed).toEqual(Array.from({ length: 20 }, (_, n) => 10_000 + n));
  expect(ends.closed).toBe(1);
});

test('who gives faster than the other thread hashes waits: few are on their way at once', async () => {
  const port = { postMessage: () => undefined, addEventListener: () => undefined };
  const hashing = hashThrough(port, { close: () => undefined, free: () => undefined });
  let taken = 0;
  for (let n = 0; n < 10; n++) void hashing.add(new Uint8Array(1)).then(() => taken++);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(taken).toBe(3);
});
