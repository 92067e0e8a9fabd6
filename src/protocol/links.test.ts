import fc from 'fast-check';
import {
  naddrEncode,
  neventEncode,
  noteEncode,
  nprofileEncode,
  npubEncode,
  nsecEncode,
} from 'nostr-tools/nip19';
import { expect, test } from 'vitest';
import { GROUP_METADATA, PROFILE } from './kinds.ts';
import { parseLink } from './links.ts';

const KEY = 'a'.repeat(64);
const ID = 'b'.repeat(64);
const address = naddrEncode({ kind: GROUP_METADATA, pubkey: KEY, identifier: 'u1-abc', relays: [] });
const npub = npubEncode(KEY);
const nsec = nsecEncode(new Uint8Array(32).fill(7));
const value = (text: string) => {
  const parsed = parseLink(text);
  return parsed.ok ? parsed.value : parsed.error.code;
};

test.each([
  [npub, { type: 'person', pubkey: KEY }],
  [`nostr:${npub}`, { type: 'person', pubkey: KEY }],
  [`web+nostr:${npub}`, { type: 'person', pubkey: KEY }],
  [`web+nostr://${npub}`, { type: 'person', pubkey: KEY }],
  [`NOSTR:${npub.toUpperCase()}`, { type: 'person', pubkey: KEY }],
  [
    `nostr:${nprofileEncode({ pubkey: KEY, relays: ['wss://elsewhere.example'] })}`,
    { type: 'person', pubkey: KEY },
  ],
  [`nostr:${noteEncode(ID)}`, { type: 'line', id: ID }],
  [`nostr:${neventEncode({ id: ID })}`, { type: 'line', id: ID }],
  [` web+nostr:${address} `, { type: 'place', address }],
  [`nostr:${address}?invite=open-sesame`, { type: 'place', address: `${address}?invite=open-sesame` }],
])('%s', (text, link) => expect(value(text)).toEqual(link));

test('a secret key is known for what it is, wherever it stands, and is in no word of the refusal', () => {
  for (const text of [nsec, `nostr:${nsec}`, `web+nostr:nostr:${nsec.toUpperCase()}`, `${npub}?x=${nsec}`]) {
    const parsed = parseLink(text);
    expect(parsed.ok ? parsed.value : parsed.error.code).toBe('secret');
    expect(JSON.stringify(parsed).toLowerCase()).not.toContain(nsec.slice(5, 25));
  }
});

test.each([
  'javascript:alert(1)',
  `javascript:${npub}`,
  'https://evil.example/',
  `nostr:nostr:${npub}`,
  `web+nostr:web+nostr:${npub}`,
  `nostr:${npub}/../../you/settings`,
  `nostr:${npub}#javascript:alert(1)`,
  `nostr:${address}?invite=x&next=//evil.example`,
  `nostr:${address}?next=//evil.example`,
  `nostr:${npub.slice(0, -1)}`,
  'nostr:',
  '',
  `nostr:npub1${'q'.repeat(100_000)}`,
])('%.60s leads nowhere', (text) => expect(value(text)).toBe('unreadable'));

test('what is no place, no person and no line is said to be so', () => {
  const profile = naddrEncode({ kind: PROFILE, pubkey: KEY, identifier: 'x', relays: [] });
  expect(value(`nostr:${profile}`)).toBe('other');
});

test('no text throws', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 300 }),
      fc.constantFrom('', 'nostr:', 'web+nostr:', 'nostr:npub1'),
      (text, front) => {
        expect(['person', 'line', 'place', 'secret', 'other', 'unreadable']).toContain(
          ((given) => (typeof given === 'string' ? given : given.type))(value(`${front}${text}`)),
        );
      },
    ),
  );
});
