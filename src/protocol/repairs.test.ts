import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../tests/support/wire-arbitraries.ts';
import * as kinds from './kinds.ts';
import { isOutdated, MOST_REPAIR_BITS, repairOf } from './repairs.ts';

describe('its date', () => {
  test.each([
    ['invalid: created_at is more than 900 seconds in the future', 'ahead'],
    ['invalid: in a place created_at is at most 604800 seconds ago', 'old'],
    ['invalid: created_at too early', 'ahead'],
    ['invalid: created_at too late', 'old'],
    ['invalid: event creation date is too far off from the current time', 'date'],
    ['invalid: The event created_at field is out of the acceptable range (, +15min) for this relay', 'date'],
    ['rejected: created_at is more than 900 seconds in the future', 'ahead'],
    ['blocked: moderation action is too old (older than 1 minute ago)', 'old'],
    ['error: timestamp not accepted', 'date'],
    ['invalid: note is too old', 'old'],
  ])('others say “%s”', (reason, because) => {
    expect(repairOf(reason, kinds.NOTE)).toEqual({ way: 'resign', because });
  });

  test('what has its own end, and what is wrong otherwise, is not dated anew', () => {
    for (const reason of [
      'invalid: this event has expired',
      'invalid: an event belongs to one place: give one h tag',
      'invalid: expiration is a time in Unix seconds',
      'error: could not store',
    ])
      expect(repairOf(reason, kinds.NOTE), reason).toBeUndefined();
  });

  test('a version of a list is never dated anew: it would win over newer ones', () => {
    for (const kind of [kinds.PROFILE, kinds.MY_GROUPS, kinds.BLOCK_LIST, 30_078])
      expect(repairOf('invalid: created_at is more than 7 seconds ago', kind)).toBeUndefined();
  });
});

describe('its work', () => {
  test.each([
    ['pow: 1 needs 12 bits, has 0', 12],
    ['pow: difficulty 20 is less than 28', 28],
    ['pow: required difficulty 16', 16],
    ['pow: minimum pow is 21', 21],
    ['pow: at least 8 bits of work', 8],
    ['pow: 24 bits of work needed', 24],
    ['pow: 18 leading zeroes required', 18],
  ])('others say “%s”', (reason, bits) => {
    expect(repairOf(reason, kinds.NOTE)).toEqual({ way: 'remine', bits });
  });

  test('more than a device can do is said, and words without a number are nobody’s', () => {
    expect(repairOf(`pow: 1 needs ${MOST_REPAIR_BITS} bits, has 3`, 1)?.way).toBe('remine');
    expect(repairOf(`pow: 1 needs ${MOST_REPAIR_BITS + 1} bits, has 3`, 1)).toEqual({
      way: 'too-hard',
      bits: 31,
    });
    expect(repairOf('pow: 1 needs 999 bits', 1)?.way).toBe('too-hard');
    expect(repairOf('pow: work harder', 1)).toBeUndefined();
    expect(repairOf('pow: 1 needs 0 bits', 1)).toBeUndefined();
  });
});

describe('who may', () => {
  test.each([
    'restricted: only members write in this place',
    'blocked: unknown member',
    'restricted: you are not a member of this group',
    'restricted: join the group first',
  ])('“%s” is mended by joining', (reason) => {
    expect(repairOf(reason, kinds.NOTE)).toEqual({ way: 'join' });
    expect(repairOf(reason, kinds.REACTION)).toEqual({ way: 'join' });
    expect(repairOf(reason, kinds.REMOVE_USER)).toBeUndefined();
    expect(repairOf(reason, kinds.JOIN_REQUEST)).toBeUndefined();
  });

  test('other bars are not', () => {
    for (const reason of [
      'restricted: this place takes no events of kind 1',
      'blocked: this place was deleted',
      'restricted: only the author of an event may delete it',
      'mute: no',
      'unsupported: no',
    ])
      expect(repairOf(reason, kinds.NOTE), reason).toBeUndefined();
  });

  test('who it is, and how fast', () => {
    expect(repairOf('auth-required: who are you', 1)).toEqual({ way: 'sign-in' });
    expect(repairOf('rate-limited: slow down', 1)).toEqual({ way: 'wait' });
  });
});

test('a list that a newer one has overtaken needs nothing', () => {
  expect(isOutdated('invalid: a newer version of this is already stored', kinds.PROFILE)).toBe(true);
  expect(isOutdated('invalid: have newer event', kinds.MY_GROUPS)).toBe(true);
  expect(isOutdated('invalid: a newer version of this is already stored', kinds.NOTE)).toBe(false);
});

test('whatever a relay says, the answer is one of the ways, and work is a number of bits that somebody can do', () => {
  const words = fc.oneof(
    anyText,
    fc
      .tuple(fc.constantFrom('pow: ', 'invalid: ', 'restricted: ', 'error: ', ''), anyText, fc.nat(), anyText)
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(words, fc.nat({ max: 65_535 }), (reason, kind) => {
      const repair = repairOf(reason, kind);
      if (repair?.way === 'remine') expect(repair.bits >= 1 && repair.bits <= MOST_REPAIR_BITS).toBe(true);
    }),
  );
  expect(repairOf(undefined, 1)).toBeUndefined();
});
