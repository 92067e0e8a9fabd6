import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS, HashIndex } from './hash-index.ts';

const seed = Uint32Array.of(7, 9);
const step = fc.record({
  text: fc.constantFrom(...Array.from({ length: 60 }, (_, at) => `id ${at}`)),
  value: fc.option(fc.nat(1000), { nil: undefined }),
});

test('answers as a map does, whatever is set and deleted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const index = new HashIndex(seed);
      const map = new Map<string, number>();
      for (const { text, value } of steps) {
        if (value === undefined) {
          index.delete(text);
          map.delete(text);
        } else {
          index.set(text, value);
          map.set(text, value);
        }
        expect(index.get(text)).toBe(map.get(text));
      }
      for (let at = 0; at < 60; at++) expect(index.get(`id ${at}`)).toBe(map.get(`id ${at}`));
      expect(index.size).toBe(map.size);
    }),
  );
});

test('many deletions among many entries leave the others findable', () => {
  const index = new HashIndex(seed);
  for (let at = 0; at < 20_000; at++) index.set(`key ${at}`, at);
  for (let at = 0; at < 20_000; at += 3) index.delete(`key ${at}`);
  for (let at = 0; at < 20_000; at++) expect(index.get(`key ${at}`)).toBe(at % 3 === 0 ? undefined : at);
});

test('what was kept can be put back', () => {
  const index = new HashIndex(seed);
  for (let at = 0; at < 5000; at++) index.set(`key ${at}`, at);
  index.delete('key 17');
  const copy = new HashIndex(seed);
  const changed = index.changes();
  for (const { bucket, entries } of changed) copy.load(bucket, entries);
  expect(changed).toHaveLength(BUCKETS);
  expect(copy.size).toBe(4999);
  for (let at = 0; at < 5000; at++) expect(copy.get(`key ${at}`)).toBe(at === 17 ? undefined : at);
  copy.set('one more', 5);
  expect(copy.get('one more')).toBe(5);
  expect(copy.changes()).toHaveLength(1);
});

test('only what changed has to be kept, until it is', () => {
  const index = new HashIndex(seed);
  index.set('a', 1);
  expect(index.changes()).toHaveLength(1);
  expect(index.changes()).toHaveLength(1);
  index.settle();
  index.delete('not there');
  expect(index.changes()).toEqual([]);
  index.delete('a');
  expect(index.changes()).toMatchObject([{ entries: new Uint32Array(0) }]);
});

test('another seed puts the same texts elsewhere', () => {
  const bucketsOf = (words: Uint32Array) => {
    const index = new HashIndex(words);
    return Array.from({ length: 30 }, (_, at) => {
      index.set(`text ${at}`, at);
      const [changed] = index.changes();
      index.settle();
      return changed?.bucket;
    });
  };
  expect(bucketsOf(Uint32Array.of(1, 2))).not.toEqual(bucketsOf(Uint32Array.of(3, 4)));
});

test('entries spread over the buckets', () => {
  const index = new HashIndex(seed);
  for (let at = 0; at < 64_000; at++) index.set(at.toString(16).padStart(64, '0'), at);
  for (const { entries } of index.changes()) {
    expect(entries.length / 3).toBeGreaterThan(800);
    expect(entries.length / 3).toBeLessThan(1200);
  }
});

test('entries leave by their numbers, and what is left is found and kept', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 300 }), fc.nat(300), fc.nat(60), (numbers, from, more) => {
      const index = new HashIndex(seed);
      numbers.forEach((number, at) => index.set(`id ${at}`, number));
      index.settle();
      index.deleteBetween(from, from + more);
      const isLeft = (number: number) => number < from || number > from + more;
      numbers.forEach((number, at) =>
        expect(index.get(`id ${at}`)).toBe(isLeft(number) ? number : undefined),
      );
      expect(index.size).toBe(numbers.filter(isLeft).length);
      expect(index.changes().length > 0).toBe(!numbers.every(isLeft));
    }),
  );
});
