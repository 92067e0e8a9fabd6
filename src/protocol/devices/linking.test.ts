import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatLinkCode,
  helloMac,
  LINK_LIVES,
  linkDigits,
  parseLinkCode,
  parseLinkMessage,
} from './linking.ts';

const NOW = 1_800_000_000;
const code = { host: 'ab'.repeat(32), secret: '12'.repeat(16), until: NOW + LINK_LIVES };
const guest = 'cd'.repeat(32);
const nonces = { guest: '34'.repeat(16), host: '56'.repeat(16) };

test('a code is read as it was written, for two minutes', () => {
  const text = formatLinkCode(code);
  expect(parseLinkCode(` ${text}\n`, NOW)).toEqual({ ok: true, value: code });
  expect(parseLinkCode(text, NOW + LINK_LIVES + 1)).toMatchObject({ error: { code: 'expired' } });
  const forever = formatLinkCode({ ...code, until: NOW + 10 * LINK_LIVES });
  expect(parseLinkCode(forever, NOW)).toMatchObject({ error: { code: 'malformed' } });
  for (const other of ['', text.slice(0, -1), `${text}:x`, text.replace('ab', 'zz'), 'nostr:npub1x'])
    expect(parseLinkCode(other, NOW)).toMatchObject({ error: { code: 'malformed' } });
  fc.assert(fc.property(fc.string(), (text) => void parseLinkCode(`synchrono-city-link:1:${text}`, NOW)));
});

test('the proof and the digits change with everything that they are made of', () => {
  const other = 'ef'.repeat(32);
  const macs = [
    helloMac(code, guest, nonces.guest),
    helloMac(code, other, nonces.guest),
    helloMac({ ...code, host: other }, guest, nonces.guest),
    helloMac({ ...code, secret: '99'.repeat(16) }, guest, nonces.guest),
    helloMac(code, guest, nonces.host),
  ];
  expect(new Set(macs).size).toBe(macs.length);
  const digits = [
    linkDigits(code, guest, nonces),
    linkDigits(code, other, nonces),
    linkDigits({ ...code, secret: '99'.repeat(16) }, guest, nonces),
    linkDigits(code, guest, { guest: nonces.host, host: nonces.guest }),
  ];
  expect(new Set(digits).size).toBe(digits.length);
  for (const one of digits) expect(one).toMatch(/^\d{6}$/);
});

test('what is said is read; anything else is nothing', () => {
  const key = 'a1'.repeat(32);
  for (const message of [
    { t: 'hello', nonce: nonces.guest, mac: key },
    { t: 'ready', nonce: nonces.host, name: 'Phone' },
    { t: 'key', key },
    { t: 'done' },
    { t: 'stop' },
  ])
    expect(parseLinkMessage(JSON.stringify(message))).toEqual(message);
  for (const none of ['', '[]', '{"t":"key","key":"x"}', '{"t":"hello"}', '{"t":"other"}'])
    expect(parseLinkMessage(none)).toBeUndefined();
  fc.assert(fc.property(fc.json(), (text) => void parseLinkMessage(text)));
});
