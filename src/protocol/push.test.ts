import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson, anyText, hex64 } from '../../tests/support/wire-arbitraries.ts';
import {
  encodePushPayload,
  parseEndpoint,
  parsePushEndpoint,
  parsePushKey,
  parsePushPayload,
  parsePushRefusal,
  parsePushRequest,
  PUSH_LIMITS,
} from './push.ts';

const endpoint = 'https://push.example/send/abc';
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
const bytes = (length: number, first = 4) =>
  Uint8Array.from({ length }, (_, i) => (i === 0 ? first : 255 - i));
const p256dh = base64url(bytes(65));
const auth = base64url(bytes(16));
const tag = 'ab'.repeat(16);
const subscription = { endpoint, keys: { p256dh, auth } };
const want = { filter: { kinds: [1], '#h': ['here'] } };
const request = { subscription, tag, wants: [want] };

const codeOf = (value: unknown): string => {
  const parsed = parsePushRequest(value);
  return parsed.ok ? 'fine' : parsed.error.code;
};

test('what a browser’s toJSON() gives is taken; what nobody asked for is left out', () => {
  const given = {
    ...request,
    subscription: { ...subscription, expirationTime: null },
    wants: [{ ...want, after: 5, note: 'mine' }],
    more: true,
  };
  expect(parsePushRequest(given)).toEqual({
    ok: true,
    value: { ...request, wants: [{ ...want, after: 5 }] },
  });
  expect(parsePushRequest({ ...request, wants: [] }).ok).toBe(true);
});

test('padded keys are taken and written plainly', () => {
  const padded = { endpoint, keys: { p256dh: `${p256dh}=`, auth: `${auth}==` } };
  const parsed = parsePushRequest({ ...request, subscription: padded });
  expect(parsed.ok && parsed.value.subscription).toEqual(subscription);
});

test.each([
  ['no tag', { ...request, tag: undefined }],
  ['an upper-case tag', { ...request, tag: 'AB'.repeat(16) }],
  ['a longer tag', { ...request, tag: `${tag}0` }],
  ['no keys', { ...request, subscription: { endpoint } }],
  ['a short point', { ...request, subscription: { endpoint, keys: { p256dh: p256dh.slice(0, -2), auth } } }],
  [
    'a compressed point',
    { ...request, subscription: { endpoint, keys: { p256dh: base64url(bytes(65, 2)), auth } } },
  ],
  [
    'ordinary base64',
    { ...request, subscription: { endpoint, keys: { p256dh: p256dh.replace('_', '/'), auth } } },
  ],
  ['a long secret', { ...request, subscription: { endpoint, keys: { p256dh, auth: base64url(bytes(17)) } } }],
  ['51 wants', { ...request, wants: Array.from({ length: 51 }, () => want) }],
  ['wants that are no list', { ...request, wants: want }],
  ['a want without filter', { ...request, wants: [{}] }],
  ['a filter over everything', { ...request, wants: [{ filter: {} }] }],
  ['a filter over a kind', { ...request, wants: [{ filter: { kinds: [1], since: 1 } }] }],
  ['a limit', { ...request, wants: [{ filter: { ...want.filter, limit: 1 } }] }],
  ['a search', { ...request, wants: [{ filter: { ...want.filter, search: 'x' } }] }],
  ['half a second', { ...request, wants: [{ ...want, after: 0.5 }] }],
  ['a time before 1970', { ...request, wants: [{ ...want, after: -1 }] }],
  ['after in words', { ...request, wants: [{ ...want, after: 'later' }] }],
  ['nothing', undefined],
  ['a list', [request]],
])('%s is malformed', (_, value) => expect(codeOf(value)).toBe('malformed'));

test('all wants together name so many values and no more', () => {
  const naming = (count: number) => ({
    filter: { '#h': Array.from({ length: count }, (_, i) => String(i)) },
  });
  expect(codeOf({ ...request, wants: [naming(500), naming(500)] })).toBe('fine');
  expect(codeOf({ ...request, wants: [naming(500), naming(501)] })).toBe('malformed');
});

test.each([
  'http://push.example/a',
  'https://push.example:8443/a',
  'https://user@push.example/a',
  'https://user:pass@push.example/a',
  'https://push.example/a#b',
  'https://push.example', // not how a URL is written
  'HTTPS://push.example/a',
  'https://PUSH.example/a',
  'https://push.example/../a',
  'https://127.1/a',
  'https://0x7f000001/a',
  'https:push.example/a',
  ' https://push.example/a',
  'https://push.example/a\n',
  'ftp://push.example/a',
  'file:///etc/passwd',
  'data:text/plain,x',
  '/a',
  '',
  `https://push.example/${'a'.repeat(PUSH_LIMITS.endpoint)}`,
])('no push service lives at %j', (address) => {
  expect(parseEndpoint(address).ok).toBe(false);
  expect(parsePushEndpoint({ endpoint: address }).ok).toBe(false);
});

test('endpoints on this machine only where that is allowed, others as ever', () => {
  const own = [
    'http://127.0.0.1:8090/x',
    'http://localhost/x',
    'http://[::1]:1/x',
    'https://localhost:8443/x',
  ];
  for (const address of own) {
    expect(parseEndpoint(address).ok).toBe(false);
    expect(parseEndpoint(address, { local: true }).ok).toBe(true);
  }
  for (const address of ['http://192.168.0.1/x', 'http://localhost.example/x', 'http://127.0.0.1.example/x'])
    expect(parseEndpoint(address, { local: true }).ok).toBe(false);
  expect(parseEndpoint(endpoint, { local: true })).toEqual({ ok: true, value: endpoint });
});

test('no JSON makes the parsers throw; what they take, they take again', () => {
  const near = fc.record(
    {
      subscription: fc.oneof(fc.constant(subscription), anyJson),
      tag: fc.oneof(fc.constant(tag), anyText),
      wants: fc.oneof(
        fc.array(
          fc.record(
            {
              filter: fc.oneof(
                fc.record({ '#p': fc.array(hex64) }),
                fc.record({ authors: fc.array(hex64) }),
                anyJson,
              ),
              after: fc.oneof(fc.nat(), anyJson),
            },
            { requiredKeys: ['filter'] },
          ),
          { maxLength: 3 },
        ),
        anyJson,
      ),
    },
    { requiredKeys: [] },
  );
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(anyJson, near), (value) => {
      const parsed = parsePushRequest(value);
      parsePushEndpoint(value);
      parsePushKey(value);
      parsePushRefusal(value);
      if (!parsed.ok) return;
      taken += 1;
      expect(parsePushRequest(JSON.parse(JSON.stringify(parsed.value)))).toEqual(parsed);
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(20);
});

test('a payload says the tag and nothing else', () => {
  expect(encodePushPayload({ tag, test: false })).toBe(`{"v":1,"tag":"${tag}"}`);
  expect(encodePushPayload({ tag, test: true })).toBe(`{"v":1,"tag":"${tag}","test":true}`);
  for (const test of [true, false])
    expect(parsePushPayload(encodePushPayload({ tag, test }))).toEqual({ ok: true, value: { tag, test } });
});

test.each([
  '',
  'null',
  '{}',
  `{"v":2,"tag":"${tag}"}`,
  `{"v":1,"tag":"${tag}","title":"You won"}`,
  `{"v":1,"tag":"${tag}","test":false}`,
  `{"v":1,"tag":"${tag.toUpperCase()}"}`,
  `{"v":1,"tag":["${tag}"]}`,
  `${' '.repeat(300)}{"v":1,"tag":"${tag}"}`,
  '[[[[[[[[',
])('a stranger’s payload %j is none of ours', (text) => expect(parsePushPayload(text).ok).toBe(false));

test('no text makes the payload parser throw', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.json()), (text) => void expect(parsePushPayload(text).ok).toBe(false)),
  );
});

test('a city’s key is a point, its refusal a known code', () => {
  expect(parsePushKey({ key: p256dh })).toEqual({ ok: true, value: p256dh });
  expect(parsePushKey({ key: auth }).ok).toBe(false);
  expect(parsePushKey('x').ok).toBe(false);
  expect(parsePushRefusal({ code: 'too-many', message: 'enough' })).toEqual({
    code: 'too-many',
    message: 'enough',
  });
  for (const value of [undefined, { code: 'toString', message: '' }, { code: 'error' }, '<html>'])
    expect(parsePushRefusal(value).code).toBe('error');
});
