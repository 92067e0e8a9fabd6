import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutNonce, MIDSTATE_COUNT, nonceText } from './nonce-layout.ts';

const lengths = [fc.integer({ min: 100, max: 5000 }), fc.integer({ min: 8, max: 5000 })] as const;

test('the border is a block’s border, and the schedule’s characters share one word', () => {
  fc.assert(
    fc.property(...lengths, (prefix, suffix) => {
      const { head, tail, round, blocks } = layoutNonce(prefix, suffix);
      expect((prefix + head) % 64).toBe(0);
      expect(head).toBeGreaterThanOrEqual(8);
      expect([Math.floor((tail - 1) / 4), Math.floor((tail - 2) / 4)]).toEqual([round, round]);
      const end = tail + suffix + 9;
      expect(end).toBeGreaterThan(blocks * 64);
      expect(end).toBeLessThanOrEqual((blocks + 1) * 64);
    }),
  );
});

test('no other place would take fewer rounds', () => {
  fc.assert(
    fc.property(...lengths, (prefix, suffix) => {
      const { round, blocks } = layoutNonce(prefix, suffix);
      for (let tail = 2; tail <= 64; tail++) {
        if (Math.floor((tail - 1) / 4) !== Math.floor((tail - 2) / 4)) continue;
        const others = Math.ceil((tail + suffix + 9) / 64) - 1;
        expect(64 * blocks - round).toBeLessThanOrEqual(64 * others - Math.floor((tail - 1) / 4));
      }
    }),
  );
});

test('with nothing behind it, the nonce ends eleven words into the last block', () => {
  expect(layoutNonce(200, '","28"]],""]'.length)).toMatchObject({ tail: 43, round: 10, blocks: 0 });
  expect(layoutNonce(200, '","8"]],""]'.length)).toMatchObject({ tail: 44, round: 10, blocks: 0 });
});

test('lane, midstate and schedule each change characters of their own', () => {
  const layout = layoutNonce(150, 12);
  const text = nonceText(layout, 1, 2, 3);
  expect(text).toHaveLength(layout.head + layout.tail);
  expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
  const differs = (other: string) => [...text].flatMap((letter, at) => (letter === other[at] ? [] : [at]));
  expect(differs(nonceText(layout, 2, 2, 3))).toEqual([2]);
  expect(differs(nonceText(layout, 1, 3, 3))).toEqual([layout.head - 1]);
  expect(differs(nonceText(layout, 1, 2, 4))).toEqual([text.length - 1]);
  expect(differs(nonceText(layout, 1, MIDSTATE_COUNT - 1, 3)).at(0)).toBe(layout.head - 5);
});
