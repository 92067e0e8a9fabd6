import { expect, test } from 'vitest';
import { SearchIndex } from './search-index.ts';
import type { StoredSegment } from './layers.ts';

const add = (index: SearchIndex, id: string, text: string): void =>
  index.add({ id, place: 'here', author: 'ann', at: 1_700_000_000, text });
const has = (segments: readonly StoredSegment[], word: string): boolean =>
  segments.some(({ bytes }) => Buffer.from(bytes).includes(word));
const flushed = (index: SearchIndex) => {
  index.flush();
  return index.takeChanges();
};

test('changes are told once: what is new, what to drop, who died', () => {
  const index = new SearchIndex();
  expect(flushed(index)).toEqual({ put: [], drop: [], dead: [] });
  add(index, 'one', 'first words');
  add(index, 'two', 'second words');
  const { put } = flushed(index);
  expect(put.map((segment) => segment.number)).toEqual([1]);
  expect(put[0]!.dead).toBeUndefined();
  expect(index.takeChanges()).toEqual({ put: [], drop: [], dead: [] });
  index.remove('one');
  expect(index.takeChanges()).toMatchObject({ put: [], drop: [], dead: [{ number: 1 }] });
  index.shred();
  expect(index.takeChanges()).toMatchObject({ put: [{ number: 2 }], drop: [1], dead: [] });
});

test('a segment written and merged away between two looks is never told of', () => {
  const index = new SearchIndex();
  for (const id of ['a', 'b', 'c', 'd']) {
    add(index, id, `word${id}`);
    index.flush();
  }
  while (index.tidy());
  const { put, drop } = index.takeChanges();
  expect([put.length, drop]).toEqual([1, []]);
});

test('what is removed vanishes from results at once, and from the bytes when shredded', () => {
  const index = new SearchIndex();
  add(index, 'gone', 'canaryword together');
  add(index, 'kept', 'harmless together');
  const before = flushed(index).put;
  expect(has(before, 'canaryword')).toBe(true);
  index.remove('gone');
  expect(index.search('canaryword').hits).toEqual([]);
  expect(index.search('together').hits.map((hit) => hit.id)).toEqual(['kept']);
  index.shred();
  const after = index.takeChanges();
  expect(has(after.put, 'canaryword')).toBe(false);
  expect(has(after.put, 'harmless')).toBe(true);
  expect(after.drop).toEqual([before[0]!.number]);
});

test('the last document shredded leaves no segment', () => {
  const index = new SearchIndex();
  add(index, 'only', 'canaryword');
  flushed(index);
  index.remove('only');
  index.shred();
  expect(index.takeChanges()).toEqual({ put: [], drop: [1], dead: [] });
});

test('tidying drops the dead without being asked when a quarter is', () => {
  const index = new SearchIndex();
  for (let i = 0; i < 8; i++) add(index, `${i}`, `word${i}x`);
  flushed(index);
  index.remove('0');
  index.remove('1');
  expect(index.tidy()).toBe(false);
  index.remove('2');
  expect(index.tidy()).toBe(true);
  const { put } = index.takeChanges();
  expect([has(put, 'word2x'), has(put, 'word3x')]).toEqual([false, true]);
});

test('the dead stay dead when reopened, and numbers go on', () => {
  const index = new SearchIndex();
  for (let i = 0; i < 400; i++) add(index, `${i}`, 'word');
  const stored = flushed(index).put;
  for (let i = 0; i < 400; i += 2) index.remove(`${i}`);
  const [buried] = index.takeChanges().dead;
  const reopened = SearchIndex.open([{ ...stored[0]!, dead: buried!.dead }]).index;
  expect(reopened.search('word').total).toBe(200);
  expect(reopened.remove('2')).toBe(false);
  expect(reopened.remove('3')).toBe(true);
  add(reopened, 'new', 'word');
  expect(flushed(reopened).put.map((segment) => segment.number)).toEqual([2]);
});

test('a damaged segment is named and left out, the others are searched', () => {
  const index = new SearchIndex();
  add(index, 'a', 'alpha');
  index.flush();
  add(index, 'b', 'beta');
  const { put } = flushed(index);
  const broken = { ...put[0]!, bytes: put[0]!.bytes.slice(0, 50) };
  const opened = SearchIndex.open([broken, put[1]!]);
  expect(opened.damaged).toEqual([1]);
  expect(opened.index.search('beta').total).toBe(1);
  expect(opened.index.search('alpha').total).toBe(0);
});

test('rubbish for the dead is survived', () => {
  const index = new SearchIndex();
  add(index, 'a', 'alpha');
  const { put } = flushed(index);
  const opened = SearchIndex.open([
    { ...put[0]!, dead: Uint8Array.of(255, 255, 255, 255, 255, 255, 1, 9, 128) },
  ]);
  expect(opened.damaged).toEqual([]);
  opened.index.search('alpha');
});
