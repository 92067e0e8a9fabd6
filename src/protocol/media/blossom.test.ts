import { finalizeEvent, generateSecretKey, getPublicKey, verifyEvent } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { base64 } from '@scure/base';
import {
  blobUrl,
  checkBlobAuth,
  encodeBlobAuth,
  hashInUrl,
  makeBlobAuth,
  parseBlobAuth,
  parseBlobPath,
  parseDescriptor,
} from './blossom.ts';
import type { BlobAuth, ExpectedAuth } from './blossom.ts';

const key = generateSecretKey();
const NOW = 1_800_000_000;
const hash = 'a'.repeat(64);
const other = 'b'.repeat(64);
const verifier = {
  verify: (event: Parameters<typeof verifyEvent>[0]) => verifyEvent(JSON.parse(JSON.stringify(event))),
};
const token = (change: Partial<BlobAuth> = {}, at = NOW - 5) =>
  finalizeEvent(
    {
      ...(makeBlobAuth({
        verb: 'upload',
        reason: 'Upload a picture',
        hashes: [hash],
        servers: ['city.example'],
        expiration: NOW + 600,
        ...change,
      }) as { kind: number; content: string; tags: string[][] }),
      created_at: at,
    },
    key,
  );
const expected: ExpectedAuth = { verb: 'upload', hash, server: 'city.example', now: NOW };
const verdict = (event: ReturnType<typeof token>, wish: Partial<ExpectedAuth> = {}) => {
  const checked = checkBlobAuth(event, { ...expected, ...wish }, verifier);
  return checked.ok ? checked.value : checked.error.message;
};

test('a token for this blob, verb and server gives its key, also by way of the header', () => {
  expect(verdict(token())).toBe(getPublicKey(key));
  expect(verdict(token({ servers: [] }))).toBe(getPublicKey(key));
  expect(verdict(token({ hashes: [other, hash] }))).toBe(getPublicKey(key));
  const carried = parseBlobAuth(encodeBlobAuth(token()));
  expect(carried.ok && checkBlobAuth(carried.value, expected, verifier).ok).toBe(true);
  expect(encodeBlobAuth(token())).toMatch(/^Nostr [\w-]+$/);
});

test('what older clients write is read too: base64 with padding', () => {
  const header = `nostr ${base64.encode(new TextEncoder().encode(JSON.stringify(token())))}`;
  expect(parseBlobAuth(header).ok).toBe(true);
});

test.each<[string, Parameters<typeof token>, Partial<ExpectedAuth>]>([
  ['another verb', [{ verb: 'delete' }], {}],
  ['another blob', [{ hashes: [other] }], {}],
  ['no blob where one must be named', [{ hashes: [] }], {}],
  ['another server', [{ servers: ['elsewhere.example'] }], {}],
  ['over', [{ expiration: NOW }], {}],
  ['no end', [{ expiration: Number.NaN }], {}],
  ['of the future', [{}, NOW + 61], {}],
])('refused: %s', (_, made, wish) => {
  expect(verdict(token(...made), wish)).toMatch(/^the event /);
});

test('a token of another kind, with two verbs, or changed after signing is refused', () => {
  const good = token();
  expect(verdict({ ...good, kind: 27235 })).toMatch(/kind/);
  expect(verdict({ ...good, tags: [...good.tags, ['t', 'delete']] })).toMatch(/not for/);
  expect(verdict({ ...good, content: 'else' })).toMatch(/hash/);
  expect(verdict({ ...good, sig: '0'.repeat(128) })).toMatch(/signature/);
});

test.each([undefined, '', 'Bearer x', 'Nostr', 'Nostr %%%', 'Nostr e30', `Nostr ${'A'.repeat(20_000)}`])(
  'no token: %s',
  (header) => expect(parseBlobAuth(header).ok).toBe(false),
);

test('addresses name the hash, and are read again', () => {
  expect(blobUrl('https://city.example/', hash, 'image/jpeg; q=1')).toBe(`https://city.example/${hash}.jpg`);
  expect(blobUrl('https://city.example', hash, 'x/y')).toBe(`https://city.example/${hash}.bin`);
  expect(parseBlobPath(`/${hash}`)).toEqual({ hash });
  expect(parseBlobPath(`/${hash.toUpperCase()}.JPG`)).toEqual({ hash, extension: 'jpg' });
  expect(parseBlobPath(`/.well-known/nostr/pubkey/${hash}`)).toEqual({ hash });
  for (const path of ['/', '/upload', `/${hash}/`, `/${hash}0`, `/x/${hash}`, `/${hash}.`, `/${hash}.a/b`])
    expect(parseBlobPath(path)).toBeUndefined();
});

test('the last hash of an address is its blob', () => {
  expect(hashInUrl(`https://cdn.example/${other}/${hash}.png?x=${other}`)).toBe(hash);
  expect(hashInUrl(`blossom:${hash}.pdf?xs=cdn.example`)).toBe(hash);
  expect(hashInUrl(`sha256://${hash}`)).toBe(hash);
  expect(hashInUrl(`https://cdn.example/${hash}f.png`)).toBe(undefined);
  expect(hashInUrl('nowhere')).toBe(undefined);
});

test('descriptors: the least they need, and nothing that is no descriptor', () => {
  const url = `https://city.example/${hash}.png`;
  expect(parseDescriptor({ url, sha256: hash, size: 3 })).toEqual({
    ok: true,
    value: { url, sha256: hash, size: 3, type: 'application/octet-stream', uploaded: 0 },
  });
  for (const wrong of [
    null,
    [],
    { url, sha256: 'x', size: 3 },
    { url, sha256: hash, size: -1 },
    { sha256: hash, size: 1 },
  ])
    expect(parseDescriptor(wrong).ok).toBe(false);
  fc.assert(fc.property(fc.jsonValue(), (value) => typeof parseDescriptor(value).ok === 'boolean'));
});
