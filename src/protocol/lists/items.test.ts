import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { isOldSeal, itemsNamed, parseSealedTags, sealedText, withItem, withoutItem } from './items.ts';

const tag = fc.array(anyText, { minLength: 1, maxLength: 4 });
const tags = fc.array(tag, { maxLength: 6 });

test('sealed tags come back as they were', () => {
  fc.assert(
    fc.property(tags, (some) => {
      expect(parseSealedTags(sealedText(some))).toEqual({ ok: true, value: some });
    }),
  );
  expect(sealedText([])).toBe('');
});

test('anything else than tags is refused, never half read', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.json()), (text) => {
      const read = parseSealedTags(text);
      if (read.ok)
        for (const one of read.value) expect(one.every((item) => typeof item === 'string')).toBe(true);
      else expect(read.error.code).toBe('list');
    }),
    { numRuns: 500 },
  );
  for (const text of [
    '{}',
    '[[]]',
    '[["p",1]]',
    '["p"]',
    'null',
    '[["p"]',
    `${'['.repeat(40)}${']'.repeat(40)}`,
  ])
    expect(parseSealedTags(text).ok, text).toBe(false);
});

test('an item is there once, taken out whole, and others stay in their order', () => {
  fc.assert(
    fc.property(tags, fc.tuple(anyText, anyText), (some, item) => {
      const once = withItem(some, item);
      expect(withItem(once, [...item, 'more'])).toBe(once);
      const out = withoutItem(once, item);
      expect(out).toEqual(some.filter((one) => one[0] !== item[0] || one[1] !== item[1]));
      expect(withoutItem(out, item)).toBe(out);
    }),
  );
});

test('values of a name, each once, without empty ones', () => {
  expect(
    itemsNamed([['p', 'a', 'wss://x'], ['p'], ['p', ''], ['word', 'a'], ['p', 'b'], ['p', 'a']], 'p'),
  ).toEqual(['a', 'b']);
});

test('what NIP-04 sealed is known by its ending', () => {
  expect(isOldSeal('c2VjcmV0?iv=MTIz')).toBe(true);
  expect(isOldSeal('AgBase64')).toBe(false);
});
