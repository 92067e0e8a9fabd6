import fc from 'fast-check';
import { neventEncode, nprofileEncode, npubEncode, nsecEncode } from 'nostr-tools/nip19';
import { expect, test } from 'vitest';
import { parsePersonText } from './person-text.ts';

const key = 'ab'.repeat(32);
const nobody = { relays: [] };

test('a key in every form that people pass on', () => {
  const npub = npubEncode(key);
  for (const text of [key, key.toUpperCase(), npub, ` nostr:${npub} `, `web+nostr:${npub}`])
    expect(parsePersonText(text)).toEqual({ type: 'key', pubkey: key, ...nobody });
  expect(parsePersonText(`https://city.example/people/${key}`)).toMatchObject({ pubkey: key });
  const relays = ['wss://a.example', 'not a relay', 'wss://b.example'];
  expect(parsePersonText(`nostr:${nprofileEncode({ pubkey: key, relays })}`)).toEqual({
    type: 'key',
    pubkey: key,
    relays: ['wss://a.example', 'wss://b.example'],
  });
});

test('an address, and what may be a name', () => {
  expect(parsePersonText('Bob@City.Example')).toEqual({ type: 'address', address: 'bob@city.example' });
  for (const text of ['bob', 'bob.example', 'bob@', 'npub1broken', neventEncode({ id: key })])
    expect(parsePersonText(text)).toEqual({ type: 'text', text });
});

test('a secret key is never looked for', () => {
  expect(parsePersonText(nsecEncode(new Uint8Array(32).fill(7)))).toEqual({ type: 'secret' });
});

test('whatever is scanned, nothing throws', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void parsePersonText(text)));
  fc.assert(
    fc.property(fc.stringMatching(/^nprofile1[02-9ac-hj-np-z]{0,90}$/), (text) => void parsePersonText(text)),
  );
});
