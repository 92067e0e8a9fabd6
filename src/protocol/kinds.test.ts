import fc from 'fast-check';
import { classifyKind } from 'nostr-tools/kinds';
import { expect, test } from 'vitest';
import * as kinds from './kinds.ts';

test('classes of kinds are nostr-tools’', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 0, max: 65535 }), fc.constantFrom(0, 3, 9999, 10000, 19999, 20000)),
      (kind) => {
        const theirs = classifyKind(kind);
        expect(kinds.isReplaceable(kind)).toBe(theirs === 'replaceable');
        expect(kinds.isEphemeral(kind)).toBe(theirs === 'ephemeral');
        expect(kinds.isAddressable(kind)).toBe(theirs === 'parameterized');
      },
    ),
    { numRuns: 2000 },
  );
});

test('no two names share a number', () => {
  const bounds = /^(FIRST|LAST)_/; // ends of a range, not kinds of their own
  const numbers = Object.entries(kinds)
    .filter(([name, value]) => typeof value === 'number' && !bounds.test(name))
    .map(([, value]) => value);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('moderation, actions and state do not overlap where they must not', () => {
  expect(kinds.isModeration(kinds.JOIN_REQUEST)).toBe(false);
  expect(kinds.isGroupAction(kinds.JOIN_REQUEST)).toBe(true);
  expect(kinds.isModeration(kinds.PROMOTE_ADMIN)).toBe(true);
  expect([kinds.GROUP_METADATA, kinds.GROUP_PINS].every(kinds.isGroupState)).toBe(true);
  expect(kinds.isGroupState(40_000)).toBe(false);
});
