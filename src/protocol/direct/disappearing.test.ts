import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '#shared/time.ts';
import { makeDisappearing, parseDisappearing, STAYS, wrapEnd } from './disappearing.ts';

test.each(STAYS.map((after) => [after]))('what can be chosen is read: %s', (after) => {
  expect(parseDisappearing(makeDisappearing('~x', after))).toBe(after);
});

test.each(['59', '1', '-60', '2592001', '9'.repeat(40), '60.5', 'soon', ''])('not for %s', (after) => {
  expect(parseDisappearing({ kind: 20016, tags: [['after', after]] })).toBeUndefined();
});

test('another kind, and no time, say nothing', () => {
  expect(parseDisappearing({ kind: 14, tags: [['after', '60']] })).toBeUndefined();
  expect(parseDisappearing({ kind: 20016, tags: [] })).toBeUndefined();
});

test('a wrap never ends before its line, nor days and days later', () => {
  fc.assert(
    fc.property(
      fc.nat(2_000_000_000),
      fc.nat(30 * DAY),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (end, stays, luck) => {
        const until = wrapEnd(end, stays, luck);
        return Number.isInteger(until) && until >= end && until <= end + 2 * DAY;
      },
    ),
  );
});
