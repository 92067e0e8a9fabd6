import fc from 'fast-check';
import { naddrEncode, neventEncode, noteEncode, nprofileEncode, npubEncode } from 'nostr-tools/nip19';
import { describe, expect, test } from 'vitest';
import { GROUP_METADATA } from '#protocol/kinds.ts';
import { displayText } from '#shared/text.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { isEmojiOnly, tokenize } from './tokenize.ts';

const KEY = 'a1'.repeat(32);
const RELAY_KEY = 'ce'.repeat(32);
const npub = npubEncode(KEY);

const types = (text: string) => tokenize(text, RELAY_KEY).map((token) => token.type);
const only = (text: string) => {
  const tokens = tokenize(text, RELAY_KEY);
  expect(tokens).toHaveLength(1);
  return tokens[0];
};

describe('links', () => {
  test('http and https, and www. as https', () => {
    expect(only('https://a.example/x?y=(1)')).toMatchObject({
      type: 'link',
      href: 'https://a.example/x?y=(1)',
    });
    expect(only('http://a.example')).toMatchObject({ href: 'http://a.example/', shown: 'http://a.example' });
    expect(only('www.example.org')).toMatchObject({
      href: 'https://www.example.org/',
      shown: 'www.example.org',
    });
  });

  test('the full stop after an address is not part of it', () => {
    expect(tokenize('See https://a.example/x.')).toMatchObject([
      { type: 'text', text: 'See ' },
      { type: 'link', text: 'https://a.example/x' },
      { type: 'text', text: '.' },
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt://a.example/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://a.example/x',
    'mailto:me@a.example',
    'me@a.example',
    'https://bank.example@evil.example/',
    'https://user:pw@evil.example/',
    'readme.md',
    'hello.it',
    'localhost',
    '<a href="javascript:alert(1)">x</a>',
  ])('%s is no link', (text) => {
    expect(types(text)).not.toContain('link');
  });

  test('markup stays the text it is', () => {
    expect(tokenize('<img src=x onerror=alert(1)>')).toEqual([
      { type: 'text', text: '<img src=x onerror=alert(1)>' },
    ]);
  });

  test('a host of one alphabet is shown as typed, a mixed one as the network has it', () => {
    expect(only('https://münchen.de/ä')).toMatchObject({ shown: 'münchen.de/ä' });
    expect(only('https://пример.испытание/x')).toMatchObject({ shown: 'пример.испытание/x' });
    expect(only('https://аpple.com/id')).toMatchObject({ shown: 'xn--pple-43d.com/id' });
    expect(only('https://аррӏе.com/id')).toMatchObject({ shown: 'xn--80ak6aa92e.com/id' });
    expect(only('https://ɡoogle.com')).toMatchObject({ shown: 'xn--oogle-qmc.com' });
  });

  test('a long address keeps its host and both ends', () => {
    const link = only(`https://a-rather-long-host.city.example/${'x'.repeat(90)}/the-end`);
    expect(link).toMatchObject({
      shown: expect.stringMatching(/^a-rather-long-host\.city\.example\/x+….*the-end$/),
    });
  });

  test('bidi tricks are gone before an address is read', () => {
    expect(only('https://a.example/\u202egpj.exe')).toMatchObject({ href: 'https://a.example/gpj.exe' });
  });
});

describe('references', () => {
  test('people, with nostr: or @ in front', () => {
    expect(only(`nostr:${npub}`)).toMatchObject({ type: 'mention', pubkey: KEY });
    expect(only(`@${npub}`)).toMatchObject({ type: 'mention', pubkey: KEY });
    expect(only(`nostr:${nprofileEncode({ pubkey: KEY, relays: ['wss://r.example'] })}`)).toMatchObject({
      type: 'mention',
      pubkey: KEY,
    });
  });

  test('events become chips, places of this city links', () => {
    expect(only(`nostr:${noteEncode(KEY)}`)).toMatchObject({ type: 'event', id: KEY });
    expect(only(`nostr:${neventEncode({ id: KEY })}`)).toMatchObject({ type: 'event', id: KEY });
    const address = (pubkey: string) =>
      `nostr:${naddrEncode({ kind: GROUP_METADATA, pubkey, identifier: 'plaza', relays: [] })}`;
    expect(only(address(RELAY_KEY))).toMatchObject({ type: 'place', group: 'plaza' });
    expect(only(address(KEY))).toEqual({ type: 'event', text: address(KEY) });
  });

  test('a broken checksum, a secret key and a reference inside an address stay text or link', () => {
    expect(types(`nostr:${npub.slice(0, -1)}${npub.endsWith('q') ? 'p' : 'q'}`)).toEqual(['text']);
    expect(types(`nostr:nsec1${npub.slice(5)}`)).toEqual(['text']);
    expect(types(`https://njump.example/nostr:${npub}`)).toEqual(['link']);
    expect(types(`mail@${npub}`)).toEqual(['text']);
  });

  test('between words', () => {
    expect(types(`hi nostr:${npub}, are you there`)).toEqual(['text', 'mention', 'text']);
  });
});

describe('code and breaks', () => {
  test('code keeps what is inside from being anything else', () => {
    expect(tokenize('use `https://a.example` now')).toMatchObject([
      { type: 'text' },
      { type: 'code', code: 'https://a.example' },
      { type: 'text' },
    ]);
  });

  test('a block loses its language and outer breaks', () => {
    expect(only('```ts\nlet a = `x`;\nb\n```')).toMatchObject({ type: 'block', code: 'let a = `x`;\nb' });
  });

  test('marks without a partner are text', () => {
    expect(types('a ` b')).toEqual(['text']);
    expect(types('``` open')).toEqual(['text']);
    expect(types('`a\nb`')).toEqual(['text', 'break', 'text']);
  });

  test('breaks stand alone', () => {
    expect(tokenize('a\r\nb\n\n\n\nc').map((token) => token.text)).toEqual(['a', '\n', 'b', '\n', '\n', 'c']);
  });

  test('ten thousand marks take no time', () => {
    const started = performance.now();
    for (const mark of ['`', '```', '` ', '@npub1', 'nostr:npub1', 'https://', '_*'])
      tokenize(mark.repeat(4000));
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

const piece = fc.oneof(
  anyText,
  fc.constantFrom(
    '`',
    '```',
    '\n',
    ' ',
    'nostr:',
    '@',
    npub,
    `nostr:${npub}`,
    'https://a.example/',
    'www.',
    'xn--',
  ),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

test('the pieces together are the text, and links go to the web only', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      const tokens = tokenize(text, RELAY_KEY);
      expect(tokens.map((token) => token.text).join('')).toBe(displayText(text));
      for (const token of tokens) {
        expect(token.text).not.toBe('');
        if (token.type !== 'link') continue;
        const url = new URL(token.href);
        expect(['http:', 'https:']).toContain(url.protocol);
        expect(url.username + url.password).toBe('');
      }
    }),
  );
});

test.each([
  ['👍', true],
  ['👩‍👩‍👧 🇩🇪 👋🏽', true],
  ['3️⃣', true],
  ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', true],
  ['❤️❤️❤️❤️❤️❤️', true],
  ['❤️❤️❤️❤️❤️❤️❤️', false],
  ['ok 👍', false],
  ['12', false],
  ['', false],
])('emoji only: %s → %s', (text, expected) => {
  expect(isEmojiOnly(text)).toBe(expected);
});
