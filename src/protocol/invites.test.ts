import fc from 'fast-check';
import { naddrEncode, npubEncode } from 'nostr-tools/nip19';
import { expect, test } from 'vitest';
import { anyText, hex64, wellFormedText } from '../../tests/support/wire-arbitraries.ts';
import { encodeGroupAddress, parseGroupAddress } from './invites.ts';

const group = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
const relay = fc.constantFrom('wss://city.example', 'ws://127.0.0.1:3000', 'wss://b.example/path');
const address = fc.record(
  {
    group,
    relayKey: hex64,
    relays: fc.uniqueArray(relay),
    invite: wellFormedText.filter((text) => text !== ''),
  },
  { requiredKeys: ['group', 'relayKey', 'relays'] },
);

test('an address survives its encoding, any invite code too, with any scheme before it', () => {
  fc.assert(
    fc.property(
      address,
      fc.constantFrom('', 'nostr:', 'NOSTR:', 'web+nostr:', 'nostr://', '  '),
      (address, prefix) => {
        const text = encodeGroupAddress(address);
        expect(parseGroupAddress(`${prefix}${text}`)).toEqual({ ok: true, value: address });
      },
    ),
    { numRuns: 500 },
  );
});

test('no text makes it throw or hang', () => {
  const alphabet = fc.string({
    unit: fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l1?'),
    maxLength: 120,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        alphabet.map((text) => `naddr1${text}`),
      ),
      (text) => {
        const result = parseGroupAddress(text);
        if (!result.ok) expect(result.error.code).toBe('address');
      },
    ),
    { numRuns: 1000 },
  );
});

test('a flipped letter is noticed', () => {
  fc.assert(
    fc.property(
      address,
      fc.nat(),
      fc.constantFrom('q', 'p', 'z', 'r'),
      ({ invite: _, ...plain }, at, letter) => {
        const text = encodeGroupAddress(plain);
        const place = 6 + (at % (text.length - 6));
        if (text[place] === letter) return;
        expect(parseGroupAddress(text.slice(0, place) + letter + text.slice(place + 1)).ok).toBe(false);
      },
    ),
  );
});

test('a person, an article and a bare word are no group', () => {
  const article = naddrEncode({ kind: 30_023, pubkey: 'a'.repeat(64), identifier: 'x', relays: [] });
  for (const text of [article, npubEncode('a'.repeat(64)), 'harbour', '', '?invite=x'])
    expect(parseGroupAddress(text).ok).toBe(false);
});

test('addresses that are no relay’s are left out', () => {
  const text = naddrEncode({
    kind: 39_000,
    pubkey: 'a'.repeat(64),
    identifier: 'g',
    relays: ['javascript:alert(1)', 'WSS://City.example/', 'wss://city.example'],
  });
  expect(parseGroupAddress(text)).toMatchObject({ ok: true, value: { relays: ['wss://city.example'] } });
});
