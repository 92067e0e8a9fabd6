import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownerIn, parseNameAddress, parseNameCheck, shownAddress, wellKnownOf } from './addresses.ts';

const key = 'ab'.repeat(32);
const parsed = (text: string) => {
  const address = parseNameAddress(text);
  return address.ok ? address.value : undefined;
};

test('an address has one spelling; a bare domain is its own name', () => {
  expect(parsed(' Bob@City.Example ')).toEqual({
    name: 'bob',
    domain: 'city.example',
    text: 'bob@city.example',
  });
  expect(parsed('city.example')?.text).toBe('_@city.example');
  expect(parsed('bob@127.0.0.1:4000')?.domain).toBe('127.0.0.1:4000');
  expect(shownAddress(parsed('_@city.example')!)).toBe('city.example');
  expect(shownAddress(parsed('b.o-b@city.example')!)).toBe('b.o-b@city.example');
  expect(wellKnownOf(parsed('bob@city.example')!)).toBe(
    'https://city.example/.well-known/nostr.json?name=bob',
  );
});

test.each([
  '',
  'bob',
  '@city.example',
  'bob@',
  'bob@city.example/path',
  'bob@city.example?x',
  'bob@me:pw@city.example',
  'bob@[::1]',
  'bob@city.example:99999',
  'bob@city..example',
  // Other scripts that look the same, and hidden characters.
  'bob@сity.example',
  'bоb@city.example',
  'bob\u200b@city.example',
  'bob@city.example\u202e',
  // Numbers that mean an address of one's own machine.
  'bob@2130706433',
  'bob@0x7f.1',
  `${'b'.repeat(65)}@city.example`,
  `bob@${'a.'.repeat(130)}example`,
])('%j is none', (text) => {
  expect(parsed(text)).toBeUndefined();
});

test('whatever comes, an address is plain letters, and the same when read again', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.webAuthority({ withPort: true })),
      (text) => {
        const address = parsed(text);
        if (!address) return;
        expect(address.text).toMatch(/^[a-z0-9._-]+@[a-z0-9.-]+(:\d+)?$/);
        expect(parsed(address.text)).toEqual(address);
        expect(new URL(wellKnownOf(address)).hostname).toBe(address.domain.replace(/:\d+$/, ''));
      },
    ),
  );
});

test('what the other side says: a key or nobody, and relays worth the name', () => {
  const relays = ['wss://a.example/', 'https://b.example', 7, 'wss://a.example'];
  expect(ownerIn({ names: { bob: key }, relays: { [key]: relays } }, 'bob')).toEqual({
    pubkey: key,
    relays: ['wss://a.example'],
  });
  expect(ownerIn({ names: { bob: key } }, 'bob')?.relays).toEqual([]);
  expect(ownerIn({ names: { bob: key } }, 'constructor')).toBeUndefined();
  for (const bad of [undefined, null, [], { names: [] }, { names: { bob: 7 } }, { names: { bob: 'npub1' } }])
    expect(ownerIn(bad, 'bob')).toBeUndefined();
});

test('the city’s answer: somebody, nobody, or none', () => {
  expect(parseNameCheck({ pubkey: null })).toEqual({ owner: undefined });
  expect(parseNameCheck({ pubkey: key, relays: [] })).toEqual({ owner: { pubkey: key, relays: [] } });
  for (const bad of [undefined, {}, { pubkey: 'x' }, { code: 'unreachable' }])
    expect(parseNameCheck(bad)).toBeUndefined();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      ownerIn(value, 'a');
      parseNameCheck(value);
    }),
  );
});
