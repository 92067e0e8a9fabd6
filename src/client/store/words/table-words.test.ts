import { expect, test, vi } from 'vitest';
import { SearchIndex } from '../search/search-index.ts';
import type { StoredSegment } from '../search/layers.ts';
import type { Searchable } from '../searching.ts';
import { TableWords } from './table-words.ts';

interface Row {
  readonly text: string;
  readonly seen?: number;
}
const searchable: Searchable = {
  table: 'notes',
  words: (row) => ((row as Row).text === '' ? undefined : { text: (row as Row).text, at: 1 }),
};
const found = (words: TableWords, text: string) =>
  words
    .search(`"${text}"`, {})
    .hits.map(({ id }) => id)
    .sort();
const stored = (texts: Readonly<Record<string, string>>): readonly StoredSegment[] => {
  const index = new SearchIndex();
  for (const [id, text] of Object.entries(texts)) index.add({ id, text, place: '', author: '', at: 1 });
  index.flush();
  return index.takeChanges().put;
};

test('a row that says the same as before is not indexed again', () => {
  const words = new TableWords(searchable, 'whole');
  words.change('a', undefined, { text: 'apple' });
  words.takeChanges();
  words.change('a', { text: 'apple' }, { text: 'apple', seen: 2 });
  expect(words.takeChanges()).toEqual({ put: [], drop: [], dead: [] });
  words.change('a', { text: 'apple' }, { text: 'pear' });
  expect([found(words, 'apple'), found(words, 'pear')]).toEqual([[], ['a']]);
  expect(words.takeChanges().put.length).toBe(1);
});

test('what comes before the kept words are read is in order behind them', () => {
  const words = new TableWords(searchable, 'kept');
  words.change('b', { text: 'pear' }, { text: 'plum' });
  words.change('c', undefined, { text: 'plum' });
  words.change('c', { text: 'plum' }, undefined);
  expect([words.isWaiting, found(words, 'plum')]).toEqual([true, []]);
  expect(words.restore(stored({ a: 'apple', b: 'pear' }), false)).toBe(true);
  expect([words.isWaiting, words.state]).toEqual([false, 'whole']);
  expect([found(words, 'apple'), found(words, 'pear'), found(words, 'plum')]).toEqual([['a'], [], ['b']]);
});

test('one damaged segment, and all rows are to be gone through; what waited is among them', () => {
  const words = new TableWords(searchable, 'kept');
  words.change('c', undefined, { text: 'plum' });
  const [one] = stored({ a: 'apple' });
  expect(words.restore([one as StoredSegment, { number: 2, bytes: new Uint8Array(9) }], false)).toBe(false);
  expect([words.state, words.isWaiting, found(words, 'apple')]).toEqual(['gathering', false, []]);
});

test('while rows are gone through, every change counts, before or behind the one who goes', () => {
  const words = new TableWords(searchable, 'gathering');
  words.gather([{ i: 'a', v: { text: 'apple' } }]);
  // Says the same as before, but has not been gone through: it may have moved to where nobody comes any more.
  words.change('b', { text: 'pear', seen: 1 }, { text: 'pear', seen: 2 });
  words.change('a', { text: 'apple' }, undefined);
  words.gather([
    { i: 'c', v: { text: 'plum' } },
    { i: 'b', v: { text: 'pear', seen: 2 } },
  ]);
  words.gathered();
  expect([found(words, 'apple'), found(words, 'pear'), found(words, 'plum')]).toEqual([[], ['b'], ['c']]);
});

test('only a removal is owed a shredding, once', () => {
  const words = new TableWords(searchable, 'whole');
  words.change('a', undefined, { text: 'apple' });
  words.change('a', { text: 'apple' }, { text: 'pear' });
  words.change('x', { text: 'never here' }, undefined);
  expect(words.owesShred).toBe(false);
  words.takeChanges();
  words.change('a', { text: 'pear' }, { text: '' });
  expect(words.owesShred).toBe(true);
  words.shred();
  expect([words.owesShred, words.takeChanges().drop.length]).toEqual([false, 1]);
  const kept = new TableWords(searchable, 'kept');
  kept.restore(stored({ a: 'apple' }), true);
  expect(kept.owesShred).toBe(true);
});

test('warming up changes nothing', () => {
  const words = new TableWords(searchable, 'kept');
  words.restore(stored({ ['f'.repeat(64)]: 'apple' }), false);
  words.warmUp();
  expect([found(words, 'apple').length, words.owesShred]).toEqual([1, false]);
  expect(words.takeChanges()).toEqual({ put: [], drop: [], dead: [] });
});

test('a feature that throws costs the words of its row', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const words = new TableWords({ ...searchable, words: () => JSON.parse('{') as never }, 'whole');
  words.change('a', undefined, { text: 'apple' });
  expect(found(words, 'apple')).toEqual([]);
  expect(told).toHaveBeenCalledOnce();
  told.mockRestore();
});
