import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent, anyText } from '../../tests/support/wire-arbitraries.ts';
import * as tags from './tags.ts';

const event = { tags: [['-'], ['h'], ['p', 'a'], ['h', 'g1'], ['p'], ['p', 'b', 'x']] };

test('the first tag of a name decides, as on the relay', () => {
  expect(tags.tagValue(event, 'p')).toBe('a');
  expect(tags.tagValues(event, 'p')).toEqual(['a', 'b']);
  expect(tags.tagValue(event, 'h')).toBeUndefined();
  expect(tags.hasTag(event, '-')).toBe(true);
  expect(tags.hasTag(event, 'q')).toBe(false);
  expect(tags.groupOf({ tags: [['h', 'g1']] })).toBe('g1');
  expect(tags.identifierOf(event)).toBe('');
});

test('an expiration is digits or nothing', () => {
  fc.assert(
    fc.property(anyEvent, anyText, (event, value) => {
      const end = tags.expirationOf({ ...event, tags: [['expiration', value]] });
      expect(end === undefined || (Number.isSafeInteger(end) && end >= 0)).toBe(true);
    }),
  );
  for (const value of ['-5', '1e9', '0x10', '', ' 5', '1.5', '9'.repeat(13)])
    expect(tags.expirationOf({ tags: [['expiration', value]] })).toBeUndefined();
});

test('an event is over at its time, not before', () => {
  const ending = { tags: [['expiration', '100']] };
  expect([
    tags.isExpired(ending, 99),
    tags.isExpired(ending, 100),
    tags.isExpired({ tags: [] }, 1e9),
  ]).toEqual([false, true, false]);
});
