import { expect, test, vi } from 'vitest';
import type { Searchable } from '../searching.ts';
import { answer } from './answering.ts';
import { TableWords } from './table-words.ts';

const tableOf = (table: string, texts: Readonly<Record<string, string>>) => {
  const searchable: Searchable = { table, words: (row) => ({ text: String(row), at: 1 }) };
  const words = new TableWords(searchable, 'whole');
  for (const [id, text] of Object.entries(texts)) words.change(id, undefined, text);
  return { words, texts };
};
const lines = tableOf('lines', {
  1: 'the red harbour',
  2: 'a red boat leaves the harbour again and again',
  3: 'harbour red',
});
const groups = tableOf('groups', { 7: 'Harbour', 8: 'Old town, red roofs' });
const tables = [lines.words, groups.words];
const read = vi.fn((table: string, ids: readonly string[]) =>
  Promise.resolve(ids.map((id) => (table === 'lines' ? lines : groups).texts[id])),
);
const ask = (question: Parameters<typeof answer>[0]) => answer(question, tables, read);
const namesOf = (found: Awaited<ReturnType<typeof answer>>) =>
  found.hits.map(({ table, id }) => `${table} ${id}`);

test('hits of all tables stand together, best first', async () => {
  const found = await ask({ text: 'harbour' });
  expect(namesOf(found).sort()).toEqual(['groups 7', 'lines 1', 'lines 2', 'lines 3']);
  const scores = found.hits.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect([found.total, found.all, found.phrases]).toEqual([4, true, []]);
});

test('where one table has all the words, rows of another that have some of them stand back', async () => {
  const found = await ask({ text: '"red" "harbour"' });
  expect(namesOf(found).sort()).toEqual(['lines 1', 'lines 2', 'lines 3']);
  const some = await ask({ text: '"red" "harbour"', tables: ['groups'] });
  expect([namesOf(some).sort(), some.all]).toEqual([['groups 7', 'groups 8'], false]);
});

test('rows are read for word sequences only, and a row that is gone holds none', async () => {
  read.mockClear();
  await ask({ text: 'red harbour' });
  expect(read).not.toHaveBeenCalled();
  expect(namesOf(await ask({ text: '"red harbour"' }))).toEqual(['lines 1']);
  expect(read).toHaveBeenCalledOnce();
  read.mockImplementationOnce((_, ids) => Promise.resolve(ids.map(() => undefined)));
  expect(namesOf(await ask({ text: '"red harbour"' }))).toEqual([]);
});

test('of many that hold the sequence only as many as asked for are read, and the total says there may be more', async () => {
  const many = tableOf(
    'many',
    Object.fromEntries(Array.from({ length: 400 }, (_, n) => [String(n), `red harbour ${n}`])),
  );
  let rows = 0;
  const found = await answer({ text: '"red harbour"', limit: 10 }, [many.words], (_, ids) => {
    rows += ids.length;
    return Promise.resolve(ids.map((id) => many.texts[id]));
  });
  expect([found.hits.length, found.total]).toEqual([10, 400]);
  expect(rows).toBeLessThan(100);
});

test('a limit is between 1 and 500, and nothing asked for is nothing found', async () => {
  expect((await ask({ text: 'harbour', limit: 0 })).hits.length).toBe(1);
  expect((await ask({ text: 'harbour', limit: Number.NaN })).hits.length).toBe(1);
  expect(await ask({ text: '  ' })).toMatchObject({ hits: [], total: 0, all: false });
  expect(await ask({ text: 'harbour', tables: ['nowhere'] })).toMatchObject({ hits: [], total: 0 });
});
