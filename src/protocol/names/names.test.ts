import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isReservedName, parseCityName } from './names.ts';

test.each(['bob', 'Bob_2', 'a'.repeat(64), '___a', '123'])('%s is a name', (text) => {
  expect(parseCityName(text)).toEqual({ ok: true, value: text.toLowerCase() });
});

test.each([
  '',
  'ab',
  'a'.repeat(65),
  '_',
  'bo b',
  'bob\n',
  'bób',
  'bob.b',
  'b-ob',
  '../bob',
  'bob@city',
  'ΑΒΓ',
  'ſss',
])('%j is none', (text) => {
  expect(parseCityName(text)).toMatchObject({ ok: false, error: { code: 'malformed' } });
});

test('whatever comes, a name is one lower-case word of the alphabet, and the same when read again', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-zA-Z0-9_]{0,70}$/)),
      (text) => {
        const name = parseCityName(text);
        if (!name.ok) return;
        expect(name.value).toMatch(/^[a-z0-9_]{3,64}$/);
        expect(parseCityName(name.value)).toEqual(name);
      },
    ),
  );
});

test('the city keeps its own words, and what programs would stumble over', () => {
  for (const name of ['admin', 'root', 'city', 'support', 'relay', '_', '____', '__proto__', 'constructor'])
    expect(isReservedName(name)).toBe(true);
  for (const name of ['bob', 'admin2', '_bob']) expect(isReservedName(name)).toBe(false);
});
