import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { askOf } from './ask.ts';

test.each([
  ['one word, perhaps half typed', 'Ferr', "'ferr':*"],
  ['several words', 'Old Pier', "'old' & 'pier':*"],
  ['accents', 'Über Nîmes ', "'uber' & 'nimes':*"],
  ['a finished phrase', '"old pier"', "'old' & 'pier' & ('old' <-> 'pier')"],
  ['a word that must not be there', 'ferry -night', "'ferry':* & !'night'"],
  ['a hyphen inside of a word', 'sign-up', "'sign' & 'up':*"],
  ['one letter is no beginning', 'plan b', "'plan' & 'b'"],
  ['one Chinese character is', '京', "'京':*"],
  ['extensions', 'ferry language:en include:spam', "'ferry':*"],
  ['what PostgreSQL would read', "a' | !b & c:* \\ <->", "'a' & 'b' & 'c'"],
])('%s', (_, search, expected) => {
  expect(askOf(search)).toBe(expected);
});

test.each([[''], ['   '], ['!!!'], ['language:en'], ['-night']])('%j asks for nothing', (search) => {
  expect(askOf(search)).toBeUndefined();
});

test('whatever a stranger types, quotes are the only thing around their words', () => {
  fc.assert(
    fc.property(anyText, (search) => {
      const rest = (askOf(search) ?? '').replace(/'(?:[^'\\]|''|\\\\)*'/gu, 'w');
      expect(rest).toMatch(/^(?:[w:*&!() ]|<->)*$/u);
    }),
  );
});
