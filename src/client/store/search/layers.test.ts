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
  expect(index.takeChanges()).toEqual({ put: [], drop: [], dead: [] });
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

const filled = (index: SearchIndex, from: number, to: number): void => {
  for (let i = from; i < to; i++) add(index, `${i}`, `word${i % 50}`);
  index.flush();
};

test('four segments of a size become one, three wait for a fourth', () => {
  const index = new SearchIndex();
  for (let i = 0; i < 3; i++) filled(index, i * 10, i * 10 + 10);
  expect(index.tidy()).toBe(false);
  filled(index, 30, 40);
  expect(index.tidy()).toBe(true);
  expect(index.tidy()).toBe(false);
  const { put } = index.takeChanges();
  expect(put).toHaveLength(1);
  expect(index.search('"word7"').total).toBe(1);
});

test('segments of different sizes are left apart', () => {
  const index = new SearchIndex();
  filled(index, 0, 2_000);
  filled(index, 2_000, 2_300);
  filled(index, 2_300, 2_350);
  filled(index, 2_350, 2_400);
  expect(index.tidy()).toBe(false);
  expect(index.takeChanges().put).toHaveLength(4);
});

test('under steady small additions the number of segments stays small, and each document is there once', () => {
  const index = new SearchIndex();
  let most = 0;
  for (let i = 0; i < 150; i++) {
    filled(index, i * 20, i * 20 + 20);
    while (index.tidy());
    most = Math.max(most, index.takeChanges().put.length);
  }
  expect(most).toBeLessThanOrEqual(1);
  expect(index.search('"word7"', { limit: 500 }).total).toBe(60);
  const ids = index.search('"word7"', { limit: 500 }).hits.map((hit) => hit.id);
  expect(new Set(ids).size).toBe(60);
});

test('whoever keeps what he is told can reopen at every moment', () => {
  const index = new SearchIndex();
  const stored = new Map<number, StoredSegment>();
  for (let i = 0; i < 40; i++) {
    filled(index, i * 5, i * 5 + 5);
    index.remove(`${i * 5 + 1}`);
    if (i % 3 === 0) index.tidy();
    if (i % 7 === 0) index.shred();
    const { put, drop, dead } = index.takeChanges();
    for (const number of drop) stored.delete(number);
    for (const segment of put) stored.set(segment.number, segment);
    for (const change of dead)
      stored.set(change.number, { ...stored.get(change.number)!, dead: change.dead });
    const reopened = SearchIndex.open([...stored.values()]);
    expect(reopened.damaged).toEqual([]);
    expect(reopened.index.search('w').total).toBe((i + 1) * 4);
    expect(reopened.index.search('w').total).toBe(index.search('w').total);
  }
});
