import { expect, test } from 'vitest';
import { makeSealedFile, parseSealedFile } from './sealed-files.ts';
import type { SealedFile } from './sealed-files.ts';
import { makeFileKey } from './sealing.ts';

const hash = 'c'.repeat(64);
const me = 'a'.repeat(64);
const file: SealedFile = {
  url: `https://city.example/${hash}.bin`,
  hash,
  type: 'video/mp4',
  size: 300_000_000,
  width: 1920,
  height: 1080,
  duration: 61.5,
  name: 'harbor.mp4',
  plainHash: 'd'.repeat(64),
  key: makeFileKey(300_000_000),
  thumb: { url: `https://city.example/${'e'.repeat(64)}.bin`, hash: 'e'.repeat(64), key: makeFileKey(10) },
  expires: 1_900_000_000,
};

test('what one person seals another reads', () => {
  const draft = makeSealedFile(file, [me]);
  expect(draft.kind).toBe(15);
  expect(draft.content).toBe(file.url);
  expect(draft.tags).toContainEqual(['p', me]);
  expect(parseSealedFile(draft)).toEqual(file);
  const { thumb: _thumb, expires: _expires, plainHash: _plain, size: _size, ...least } = file;
  expect(parseSealedFile(makeSealedFile(least, [me]))).toEqual(least);
});

test('a file of another NIP-17 client: whole, hex key, sixteen bytes of nonce', () => {
  const parsed = parseSealedFile({
    kind: 15,
    content: `https://cdn.example/${hash}`,
    tags: [
      ['p', me],
      ['file-type', 'image/jpeg'],
      ['encryption-algorithm', 'aes-gcm'],
      ['decryption-key', '01'.repeat(32)],
      ['decryption-nonce', '02'.repeat(16)],
      ['x', hash],
      ['dim', '30x40'],
      ['thumb', 'https://cdn.example/plain.jpg'],
    ],
  });
  expect(parsed).toMatchObject({
    hash,
    type: 'image/jpeg',
    width: 30,
    height: 40,
    key: { algorithm: 'aes-gcm' },
  });
  expect(parsed?.thumb).toBeUndefined();
});

test.each([
  ['another kind', { kind: 14 }],
  ['no address', { content: 'hello' }],
  ['an address that runs', { content: 'javascript:1' }],
])('nothing to be had with: %s', (_, change) => {
  expect(parseSealedFile({ ...makeSealedFile(file, [me]), ...change })).toBeUndefined();
});

test.each(['encryption-algorithm', 'decryption-key', 'decryption-nonce'])(
  'without its %s it is no file',
  (name) => {
    const draft = makeSealedFile(file, [me]);
    const without = { ...draft, tags: draft.tags.filter((tag) => tag[0] !== name) };
    const wrong = { ...draft, tags: draft.tags.map((tag) => (tag[0] === name ? [name, 'zz'] : tag)) };
    expect([parseSealedFile(without), parseSealedFile(wrong)]).toEqual([undefined, undefined]);
  },
);
