import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { SEARCHED, wordsOf } from './words.ts';

const event = (kind: number, content: string, tags: readonly (readonly string[])[] = []) => ({
  kind,
  content,
  tags,
});

test.each([
  ['a line', event(kinds.NOTE, 'The ferry, the FERRY'), "'the':2D,4D 'ferry':3D,5D"],
  [
    'a profile',
    event(kinds.PROFILE, '{"name":"Ann","about":"rows","picture":"https://x.example/cat"}'),
    "'ann':2A 'rows':4B",
  ],
  ['a profile that is not JSON', event(kinds.PROFILE, 'ferry'), null],
  ['a poll', event(kinds.POLL, 'Where?', [['option', '1', 'Pier']]), "'where':2D 'pier':4D"],
  [
    'a place',
    event(kinds.GROUP_METADATA, '', [
      ['name', 'Old Pier'],
      ['about', 'Boats'],
      ['g', 'u33'],
    ]),
    "'old':2A 'pier':3A 'boats':5B",
  ],
  ['an article', event(kinds.ARTICLE, 'tide', [['title', 'Sea']]), "'sea':2A 'tide':4D"],
  ['a Chinese pair and its end', event(kinds.NOTE, '北京 x'), "'北京':2D '京':2D 'x':3D"],
  ['nothing', event(kinds.NOTE, '…'), null],
])('%s', (_, given, expected) => {
  expect(wordsOf(given)).toBe(expected);
});

test('a letter, and whatever is not named here, is never indexed', () => {
  expect(SEARCHED).not.toContain(kinds.GIFT_WRAP);
  for (const kind of [kinds.GIFT_WRAP, kinds.LEGACY_DIRECT_MESSAGE, kinds.SEAL, kinds.APP_DATA, 445])
    expect(wordsOf(event(kind, 'ferry'))).toBeNull();
});

test('any text, however long, stays within what PostgreSQL takes', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 3000 }), (text, times) => {
      const words = wordsOf(event(kinds.NOTE, `${text} `.repeat(times))) ?? '';
      for (const [, at] of words.matchAll(/'(?:[^']|'')*':(\S+)/gu)) {
        const positions = (at ?? '').split(',').map((each) => Number.parseInt(each, 10));
        expect(positions.length).toBeLessThanOrEqual(64);
        expect(Math.max(...positions)).toBeLessThan(16_384);
      }
    }),
    { numRuns: 50 },
  );
});
