import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MerkleRoot } from './merkle.ts';

const sha = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962, 2.1, word by word. */
const naive = (ids: readonly string[]): Buffer => {
  if (ids.length === 0) return sha();
  if (ids.length === 1) return sha(Buffer.of(0), Buffer.from(ids[0] ?? '', 'hex'));
  let half = 1;
  while (half * 2 < ids.length) half *= 2;
  return sha(Buffer.of(1), naive(ids.slice(0, half)), naive(ids.slice(half)));
};

const rootOf = (ids: readonly string[]): string => {
  const tree = new MerkleRoot();
  for (const id of ids) tree.add(id);
  expect(tree.count).toBe(ids.length);
  return tree.root();
};

test('the vectors of RFC 6962’s test data hold', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  expect(rootOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(rootOf(leaves.slice(0, 1))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(rootOf(leaves)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));

test('for any list it is what RFC 6962 says', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 70 }), (ids) => {
      expect(rootOf(ids)).toBe(naive(ids).toString('hex'));
    }),
  );
});

test('one id more, one less, one other, or two exchanged: another root', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 40 }), fc.nat(), id, (ids, at, other) => {
      fc.pre(!ids.includes(other));
      const root = rootOf(ids);
      const place = at % (ids.length - 1);
      const exchanged = [...ids];
      [exchanged[place], exchanged[place + 1]] = [ids[place + 1] ?? '', ids[place] ?? ''];
      expect(rootOf(exchanged)).not.toBe(root);
      expect(rootOf(ids.toSpliced(place, 1))).not.toBe(root);
      expect(rootOf(ids.toSpliced(place, 1, other))).not.toBe(root);
      expect(rootOf([...ids, other])).not.toBe(root);
    }),
  );
});
