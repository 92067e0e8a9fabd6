import fc from 'fast-check';
import { finalizeEvent, generateSecretKey, getPublicKey, verifyEvent } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { anyEvent, anyText } from '../../tests/support/wire-arbitraries.ts';
import { eventId } from './event.ts';
import type { Draft, NostrEvent, Verifier } from './event.ts';
import { checkHttpAuth, encodeHttpAuth, HTTP_AUTH_AGE, makeHttpAuth, parseHttpAuth } from './http-auth.ts';
import type { ExpectedRequest } from './http-auth.ts';

const now = 1_800_000_000;
const secret = generateSecretKey();
const pubkey = getPublicKey(secret);
const verifier: Verifier = { verify: (event) => verifyEvent(structuredClone(event) as never) };
const sign = ({ kind, tags, content }: Draft, created_at = now): NostrEvent => {
  const event = finalizeEvent({ kind, content, created_at, tags: tags.map((tag) => [...tag]) }, secret);
  return { kind, tags, content, created_at, pubkey, id: event.id, sig: event.sig };
};

const url = 'https://city.example/api/push';
const body = '{"endpoint":"https://push.example/a"}';
const made = { url, method: 'PUT', body };
const expected: ExpectedRequest = { urls: [url, 'http://localhost:3000/api/push'], method: 'PUT', body, now };
const good = sign(makeHttpAuth(made));

const wordsOf = (event: NostrEvent, about: Partial<ExpectedRequest> = {}): string => {
  const checked = checkHttpAuth(event, { ...expected, ...about }, verifier);
  return checked.ok ? checked.value : checked.error.message;
};

test('a request signed as it arrives is its author’s', () => {
  expect(wordsOf(good)).toBe(pubkey);
  expect(wordsOf(good, { body: new TextEncoder().encode(body) })).toBe(pubkey);
  expect(wordsOf(sign(makeHttpAuth({ ...made, method: 'put' })))).toBe(pubkey);
  expect(wordsOf(good, { now: now + HTTP_AUTH_AGE })).toBe(pubkey);
  expect(wordsOf(good, { now: now - HTTP_AUTH_AGE })).toBe(pubkey);
});

test('two requests alike are two events, unless somebody says otherwise', () => {
  expect(makeHttpAuth(made).tags).not.toEqual(makeHttpAuth(made).tags);
  expect(makeHttpAuth(made, 'x')).toEqual(makeHttpAuth(made, 'x'));
});

test('without a body nothing need be signed for, but what is signed for must be there', () => {
  const bare = sign(makeHttpAuth({ url, method: 'DELETE' }));
  expect(wordsOf(bare, { method: 'DELETE', body: '' })).toBe(pubkey);
  expect(
    wordsOf(sign(makeHttpAuth({ url, method: 'DELETE', body: '' })), { method: 'DELETE', body: '' }),
  ).toBe(pubkey);
  expect(wordsOf(good, { body: '' })).toMatch(/body/);
});

const withTag = (draft: Draft, tag: readonly string[]): Draft => ({ ...draft, tags: [...draft.tags, tag] });
const draft = makeHttpAuth(made);

test.each<[string, NostrEvent, Partial<ExpectedRequest>, RegExp]>([
  ['another address', good, { urls: ['https://evil.example/api/push'] }, /address/],
  ['another path', good, { urls: [`${url}/test`] }, /address/],
  ['another query', good, { urls: [`${url}?a=1`] }, /address/],
  ['another method', good, { method: 'DELETE' }, /method/],
  ['another body', good, { body: `${body} ` }, /body/],
  ['a body that was not signed for', sign(makeHttpAuth({ url, method: 'PUT' })), {}, /body/],
  ['two addresses', sign(withTag(draft, ['u', 'http://localhost:3000/api/push'])), {}, /address/],
  ['two methods', sign(withTag(draft, ['method', 'DELETE'])), {}, /method/],
  ['two bodies', sign(withTag(draft, ['payload', 'a'.repeat(64)])), {}, /body/],
  ['no address', sign({ ...draft, tags: draft.tags.slice(1) }), {}, /address/],
  ['an old event', good, { now: now + HTTP_AUTH_AGE + 1 }, /60 seconds/],
  ['an event from the future', good, { now: now - HTTP_AUTH_AGE - 1 }, /60 seconds/],
  ['another kind', sign({ ...draft, kind: 22242 }), {}, /27235/],
  [
    'a broken signature',
    { ...good, sig: good.sig.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
    {},
    /sig/,
  ],
  ['somebody else’s name', { ...good, pubkey: getPublicKey(generateSecretKey()) }, {}, /id/],
])('%s is refused', (_, event, about, words) => expect(wordsOf(event, about)).toMatch(words));

test('somebody else’s name with a fitting id falls at the signature', () => {
  const stolen = { ...good, pubkey: getPublicKey(generateSecretKey()) };
  expect(wordsOf({ ...stolen, id: eventId(stolen) })).toMatch(/signature/);
});

test('a header there and back, whatever the content', () => {
  fc.assert(
    fc.property(anyEvent, fc.string({ unit: 'binary' }), (event, content) => {
      const plain = { ...event, tags: [], content };
      expect(parseHttpAuth(encodeHttpAuth(plain))).toEqual({ ok: true, value: plain });
    }),
  );
  expect(parseHttpAuth(encodeHttpAuth(good).replace('Nostr', 'nostr')).ok).toBe(true);
});

test.each([
  undefined,
  '',
  'Nostr',
  'Nostr !!!',
  'Bearer abc',
  `Basic ${btoa('{}')}`,
  `Nostr ${btoa('{}')}`,
  `Nostr ${btoa('[[[[[[[[[[')}`,
  `Nostr ${btoa('\xff\xfe')}`,
  encodeHttpAuth({ ...good, content: 'x'.repeat(9000) }),
])('the header %j carries nothing', (header) => expect(parseHttpAuth(header).ok).toBe(false));

test('no header and no event make it throw', () => {
  fc.assert(
    fc.property(anyText, anyEvent, (text, event) => {
      expect(parseHttpAuth(text).ok).toBe(false);
      parseHttpAuth(`Nostr ${text}`);
      expect(checkHttpAuth(event, expected, verifier).ok).toBe(false);
    }),
  );
});
