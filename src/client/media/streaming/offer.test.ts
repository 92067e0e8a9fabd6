import fc from 'fast-check';
import { expect, test } from 'vitest';
import { key } from '../../../../tests/support/sealed-city.ts';
import { fileOfPath, parseOffer, pathOfFile } from './offer.ts';

const origin = 'https://city.test';
const id = '0123456789abcdef'.repeat(2);
const good = {
  type: 'video/mp4',
  url: `${origin}/f.bin`,
  hash: 'a'.repeat(64),
  size: 10,
  key,
  use: 'play',
  name: 'harbour.mp4',
};
const parse = (file: object, name = id) => parseOffer({ type: 'file-offer', id: name, file }, origin);

test('what a page offers is read', () => {
  expect(parse(good)).toEqual({ id, file: good });
});

test.each([
  ['another host', { url: 'https://evil.test/f.bin' }],
  ['no address', { url: 'javascript:alert(1)' }],
  ['no hash', { hash: 'a' }],
  ['nothing in it', { size: 0 }],
  ['a length that is none', { size: Number.NaN }],
  ['more than may be', { size: 2 ** 40 }],
  ['a short key', { key: { ...key, key: new Uint8Array(16) } }],
  ['a file in one piece', { key: { ...key, algorithm: 'aes-gcm', nonce: new Uint8Array(12) } }],
  ['another use', { use: 'run' }],
  ['no type', { type: 5 }],
])('%s is refused', (_why, change) => {
  expect(parse({ ...good, ...change })).toBeUndefined();
});

test('a name that could be guessed is refused', () => {
  for (const name of ['1', '', `${id}0`, id.toUpperCase()]) expect(parse(good, name)).toBeUndefined();
});

test('nothing at all makes it throw', () => {
  fc.assert(fc.property(fc.anything(), (value) => parseOffer(value, origin) === undefined));
});

test('an address has its name, and other paths have none', () => {
  expect(fileOfPath(pathOfFile(id))).toBe(id);
  for (const path of [
    '/',
    '/api/file/',
    `/api/file/${id}/x`,
    `/x/api/file/${id}`,
    `/api/file/${id.toUpperCase()}`,
  ])
    expect(fileOfPath(path)).toBeUndefined();
});
