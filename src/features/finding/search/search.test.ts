import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SearchAnswer, SearchHit, SearchQuestion } from '#client/store/searching.ts';
import { defineTable } from '#client/store/table.ts';
import type { Table } from '#client/store/table.ts';
import { foundTable } from './found.ts';
import { SearchController } from './search.svelte.ts';
import type { SearchPort } from './search.svelte.ts';

interface Row {
  readonly id: string;
  readonly text: string;
}
const table = defineTable<Row>({ name: 'lines', id: ({ id }) => id });
const tables = [
  foundTable(table, ({ id, text }) =>
    text === '' ? undefined : { kind: 'line', id, group: 'g', author: 'a', at: 1, text },
  ),
];
const hit = (id: string): SearchHit => ({ table: 'lines', id, score: 1, terms: [] });
const answer = (ids: readonly string[], more: Partial<SearchAnswer> = {}): SearchAnswer => ({
  hits: ids.map(hit),
  total: ids.length,
  all: true,
  phrases: [],
  ...more,
});

/** A search whose answers the test gives when it likes. */
class FakePort implements SearchPort {
  readonly asked: { question: SearchQuestion; give: (answer: SearchAnswer) => void; break: () => void }[] =
    [];
  readonly read: string[][] = [];
  gone = new Set<string>();
  texts = new Map<string, string>();
  search(question: SearchQuestion): Promise<SearchAnswer> {
    return new Promise((give, fail) =>
      this.asked.push({ question, give, break: () => fail(new Error('the worker went away')) }),
    );
  }
  getMany<R>(_table: Table<R>, ids: readonly string[]): Promise<(R | undefined)[]> {
    this.read.push([...ids]);
    const rows = ids.map((id) =>
      this.gone.has(id) ? undefined : { id, text: this.texts.get(id) ?? `text of ${id}` },
    );
    return Promise.resolve(rows as (R | undefined)[]);
  }
  last() {
    const asked = this.asked.at(-1);
    if (!asked) throw new Error('nothing was asked');
    return asked;
  }
}

let port: FakePort;
let search: SearchController;
const shown = () => search.hits.map(({ found }) => (found.kind === 'line' ? found.id : ''));
const settle = () => vi.advanceTimersByTimeAsync(0);
const pause = () => vi.advanceTimersByTimeAsync(60);
const typed = async (text: string, ids: readonly string[], more?: Partial<SearchAnswer>) => {
  search.type(text);
  await pause();
  port.last().give(answer(ids, more));
  await settle();
};

beforeEach(() => {
  vi.useFakeTimers();
  port = new FakePort();
  search = new SearchController(port, tables, { now: () => 1_800_000_000 });
});
afterEach(() => vi.useRealTimers());

test('letters typed at once are asked once, after a pause', async () => {
  search.type('b');
  await vi.advanceTimersByTimeAsync(30);
  search.type('bo');
  await vi.advanceTimersByTimeAsync(59);
  expect(port.asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(port.asked.map(({ question }) => question)).toEqual([{ text: 'bo', tables: ['lines'], limit: 50 }]);
});

test('waits with nothing to show at first, then shows, the best marked', async () => {
  search.type('boat');
  expect(search.phase).toBe('asking');
  await pause();
  port.last().give(answer(['1', '2']));
  await settle();
  expect([search.phase, shown(), search.marked, search.total]).toEqual(['shown', ['1', '2'], 0, 2]);
});

test('what is shown stays until the next answer and its rows are here', async () => {
  await typed('boat', ['1', '2']);
  search.type('boats');
  expect([search.phase, shown()]).toEqual(['shown', ['1', '2']]);
  await pause();
  expect([search.phase, shown()]).toEqual(['shown', ['1', '2']]);
  port.last().give(answer(['3']));
  await settle();
  expect(shown()).toEqual(['3']);
});

test('an answer that comes after a newer one is dropped', async () => {
  search.type('bo');
  await pause();
  const early = port.last();
  search.type('boat');
  await pause();
  port.last().give(answer(['new']));
  await settle();
  early.give(answer(['old']));
  await settle();
  expect(shown()).toEqual(['new']);
});

test('an answer to fewer letters shows while the newer is on its way', async () => {
  search.type('bo');
  await pause();
  const early = port.last();
  search.type('boat');
  await pause();
  early.give(answer(['early']));
  await settle();
  expect(shown()).toEqual(['early']);
});

test('an answer that comes after the words were cleared is dropped', async () => {
  search.type('boat');
  await pause();
  search.type('');
  port.last().give(answer(['late']));
  await settle();
  expect([search.phase, shown()]).toEqual(['idle', []]);
});

test('an answer without a filter set since is dropped', async () => {
  search.type('boat');
  await pause();
  const unfiltered = port.last();
  search.narrow({ place: 'harbor' });
  await settle();
  unfiltered.give(answer(['elsewhere']));
  await settle();
  expect(shown()).toEqual([]);
  expect(port.last().question).toMatchObject({ text: 'boat', group: 'harbor' });
});

test('filters are asked, and can be taken away', async () => {
  search.type('boat');
  search.narrow({ place: 'harbor', person: 'ab', when: { kind: 'week' } });
  await settle();
  expect(port.last().question).toMatchObject({ group: 'harbor', author: 'ab' });
  expect(port.last().question.since).toBeGreaterThan(1_799_300_000);
  search.narrow({ place: undefined, person: undefined, when: { kind: 'any' } });
  await settle();
  expect(port.last().question).toEqual({ text: 'boat', tables: ['lines'], limit: 50 });
});

test('filters without words ask nothing', async () => {
  search.narrow({ place: 'harbor' });
  await pause();
  expect([port.asked.length, search.phase]).toEqual([0, 'idle']);
});

test('rows that are gone or say nothing are neither shown nor counted', async () => {
  port.gone.add('2');
  port.texts.set('3', '');
  await typed('boat', ['1', '2', '3'], { total: 40 });
  expect([shown(), search.total]).toEqual([['1'], 38]);
});

test('rows of unknown tables are left out', async () => {
  search.type('boat');
  await pause();
  port.last().give({ ...answer(['1']), hits: [{ ...hit('x'), table: 'elsewhere' }, hit('1')], total: 2 });
  await settle();
  expect([shown(), search.total]).toEqual([['1'], 1]);
});

test('words in quotes must stand in that order', async () => {
  port.texts.set('1', 'the big boat');
  port.texts.set('2', 'a boat so big');
  const phrase = ['big', 'boat'].map((term) => ({ term, prefix: false }));
  await typed('"big boat"', ['1', '2'], { phrases: [phrase] });
  expect([shown(), search.total]).toEqual([['1'], 1]);
});

test('it is said when nothing has all the words', async () => {
  await typed('boat moon', ['1'], { all: false });
  expect(search.hasAll).toBe(false);
});

test('more of the same comes behind, without reading the rows again or moving the mark', async () => {
  const ids = Array.from({ length: 80 }, (_, i) => `${i}`);
  await typed('boat', ids.slice(0, 50), { total: 80 });
  search.move(7);
  expect(search.hasMore).toBe(true);
  const more = search.more();
  expect(search.isLoadingMore).toBe(true);
  void search.more();
  expect(port.asked).toHaveLength(2);
  expect(port.last().question).toMatchObject({ text: 'boat', limit: 100 });
  port.last().give(answer(ids, { total: 80 }));
  await more;
  expect([shown(), search.marked, search.hasMore, search.isLoadingMore]).toEqual([ids, 7, false, false]);
  expect(port.read.at(-1)).toEqual(ids.slice(50));
});

test('it ends at what the store gives', async () => {
  const ids = Array.from({ length: 500 }, (_, i) => `${i}`);
  await typed('boat', ids.slice(0, 50), { total: 9000 });
  for (const limit of [100, 200, 400, 500]) {
    const more = search.more();
    expect(port.last().question.limit).toBe(limit);
    port.last().give(answer(ids.slice(0, limit), { total: 9000 }));
    await more;
  }
  expect([search.hasMore, search.isCut]).toEqual([false, true]);
});

test('new words start with a short page again', async () => {
  await typed(
    'boat',
    Array.from({ length: 50 }, (_, i) => `${i}`),
    { total: 80 },
  );
  void search.more();
  search.type('boats');
  await pause();
  expect(port.last().question.limit).toBe(50);
});

test('a broken search says so, and can be asked again', async () => {
  search.type('boat');
  await pause();
  port.last().break();
  await settle();
  expect(search.phase).toBe('failed');
  search.again();
  await settle();
  port.last().give(answer(['1']));
  await settle();
  expect([search.phase, shown()]).toEqual(['shown', ['1']]);
});

test('the mark stays within the hits', async () => {
  await typed('boat', ['1', '2', '3']);
  search.move(-1);
  expect(search.marked).toBe(0);
  search.move(6);
  expect(search.marked).toBe(2);
  search.type('');
  search.move(1);
  expect(search.marked).toBe(-1);
});

test('words that led somewhere are remembered, the newest first, each once, eight of them', async () => {
  for (const text of ['a', 'b', 'a ', ...'cdefghij']) {
    search.type(text);
    search.remember();
  }
  search.type(' ');
  search.remember();
  expect(search.recent).toEqual([...'jihgfedc']);
  search.forget();
  expect(search.recent).toEqual([]);
});

test('an address with the same wish changes nothing: coming back finds the hits where they were', async () => {
  await typed('boat', ['1', '2']);
  search.scroll = 300;
  search.take({ text: 'boat', when: { kind: 'any' } });
  await pause();
  expect([port.asked.length, shown(), search.scroll]).toEqual([1, ['1', '2'], 300]);
  search.take({ text: 'boat', place: 'harbor', when: { kind: 'any' } });
  await settle();
  expect([port.asked.length, search.scroll]).toEqual([2, 0]);
});
