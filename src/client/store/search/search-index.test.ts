import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { SearchIndex } from './search-index.ts';
import type { Hit, SearchOptions } from './search-index.ts';
import type { SearchDocument } from './segment/segment.ts';
import { highlight } from './text/highlight.ts';
import { parseQuery } from '#shared/words/query.ts';
import { eachToken } from '#shared/words/tokens.ts';

const words = [
  'rain',
  'rail',
  'railway',
  'sun',
  'Größe',
  'naïve',
  '東京',
  '天気',
  '서울',
  'ไทย',
  '🌧',
  'a',
  'an',
  'ant',
];
const text = fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((list) => list.join(' '));
const document = (name: fc.Arbitrary<string>) =>
  fc.record({
    id: name,
    place: fc.constantFrom('here', 'there'),
    author: fc.constantFrom('ann', 'bob'),
    at: fc.nat(1_000),
    text,
  });
const name = fc.nat(15).map((n) => (n % 2 === 0 ? n.toString(16).padStart(64, '0') : `name ${n}`));

type Act =
  | { readonly does: 'add'; readonly document: SearchDocument }
  | { readonly does: 'remove'; readonly id: string }
  | { readonly does: 'flush' | 'tidy' | 'shred' | 'reopen' };
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('add' as const), document: document(name) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('remove' as const), id: name }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('flush', 'tidy', 'shred', 'reopen') }) },
);

// An index and its shadow: the store that keeps its segments, the documents it should know.
class Bench {
  index = new SearchIndex();
  readonly documents = new Map<string, SearchDocument>();
  readonly stored = new Map<number, { number: number; bytes: Uint8Array; dead?: Uint8Array }>();

  run(step: Act): void {
    if (step.does === 'add') {
      this.index.add(step.document);
      this.documents.set(step.document.id, step.document);
    } else if (step.does === 'remove') {
      expect(this.index.remove(step.id)).toBe(this.documents.delete(step.id));
    } else if (step.does === 'reopen') this.reopen();
    else this.index[step.does]();
  }

  save(): void {
    this.index.flush();
    const { put, drop, dead } = this.index.takeChanges();
    for (const number of drop) expect(this.stored.delete(number)).toBe(true);
    for (const segment of put) this.stored.set(segment.number, { ...segment, bytes: segment.bytes.slice() });
    for (const { number, dead: buried } of dead) this.stored.get(number)!.dead = buried;
  }

  reopen(): void {
    this.save();
    const { index, damaged } = SearchIndex.open([...this.stored.values()]);
    expect(damaged).toEqual([]);
    this.index = index;
  }
}

const tokensOf = (source: string): string[] => {
  const found: string[] = [];
  eachToken(source, (term) => found.push(term));
  return found;
};

// The plain way: look at every text. Typing slips aside.
const scan = (documents: Iterable<SearchDocument>, query: string, options: SearchOptions): string[] => {
  const required = parseQuery(query).clauses.filter((clause) => clause.required);
  return [...documents]
    .filter((each) => options.place === undefined || each.place === options.place)
    .filter((each) => options.author === undefined || each.author === options.author)
    .filter((each) => each.at >= (options.from ?? 0) && each.at <= (options.to ?? Infinity))
    .filter((each) => {
      const tokens = tokensOf(each.text);
      return required.every(({ term, prefix }) =>
        tokens.some((token) => token === term || (prefix && token.startsWith(term))),
      );
    })
    .map((each) => each.id)
    .sort();
};

const query = fc.array(fc.constantFrom(...words, 'r', 'ra', 'grosse', '東', '"rain sun"'), {
  minLength: 1,
  maxLength: 3,
});
const options = fc.record(
  {
    place: fc.constantFrom('here', 'nowhere'),
    author: fc.constantFrom('ann', 'bob'),
    from: fc.nat(1_000),
    to: fc.nat(1_000),
  },
  { requiredKeys: [] },
);

test('through any history: every document with all words is found, nothing removed is, whatever is merged or reopened', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), query, options, (acts, wanted, filter) => {
      const bench = new Bench();
      for (const each of acts) bench.run(each);
      const text = wanted.join(' ');
      const expected = scan(bench.documents.values(), text, filter);
      const result = bench.index.search(text, { ...filter, limit: 500 });
      const found = result.hits.map((hit) => hit.id);
      expect(result.total).toBe(found.length);
      expect(found.every((id) => bench.documents.has(id))).toBe(true);
      expect(found).toEqual(expect.arrayContaining(expected));
      if (expected.length > 0 && parseQuery(text).clauses.every((clause) => clause.edits === 0))
        expect([...found].sort()).toEqual(expected);
      expect(result.hits.map((hit) => hit.score)).toEqual(
        result.hits.map((hit) => hit.score).sort((a, b) => b - a),
      );
    }),
    { numRuns: 400 },
  );
});

test('merged or not, buffered or frozen, stored or not: the same hits with the same scores', () => {
  fc.assert(
    fc.property(fc.array(document(fc.uuid()), { maxLength: 30 }), query, (list, wanted) => {
      const [buffered, split, stored] = [new Bench(), new Bench(), new Bench()];
      for (const [i, each] of list.entries()) {
        for (const bench of [buffered, split, stored]) bench.run({ does: 'add', document: each });
        if (i % 3 === 2) split.index.flush();
        if (i % 5 === 4) stored.index.flush();
      }
      while (stored.index.tidy());
      stored.reopen();
      const results = [buffered, split, stored].map(({ index }) =>
        index.search(wanted.join(' '), { limit: 500 }),
      );
      for (const { total, all, hits } of results) {
        expect([total, all]).toEqual([results[0]!.total, results[0]!.all]);
        expect(hits.map((hit) => hit.id)).toEqual(results[0]!.hits.map((hit) => hit.id));
        for (const [i, hit] of hits.entries()) expect(hit.score).toBeCloseTo(results[0]!.hits[i]!.score, 4);
      }
    }),
    { numRuns: 200 },
  );
});

test('a limit gives the beginning of the whole list, and the whole number', () => {
  fc.assert(
    fc.property(
      fc.array(document(fc.uuid()), { maxLength: 30 }),
      query,
      fc.integer({ min: 1, max: 9 }),
      (list, wanted, limit) => {
        const index = new SearchIndex();
        for (const each of list) index.add(each);
        const whole = index.search(wanted.join(' '), { limit: 500 });
        const part = index.search(wanted.join(' '), { limit });
        expect(part.hits).toEqual(whole.hits.slice(0, limit));
        expect(part.total).toBe(whole.total);
      },
    ),
  );
});

test('any text can be added, asked for, filtered by, removed', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (id, said, asked) => {
      const index = new SearchIndex();
      index.add({ id, place: said, author: asked, at: Number.NaN, text: said });
      index.search(asked, { place: said, author: asked, from: Number.NaN, limit: Number.NaN });
      const [first] = tokensOf(said);
      if (first !== undefined && tokensOf(first).length === 1 && tokensOf(first)[0] === first)
        expect(index.search(`"${first}"`, { place: said, author: asked }).total).toBe(1);
      index.flush();
      expect(index.remove(id)).toBe(true);
      expect(index.remove(id)).toBe(false);
      expect(index.search(said)).toMatchObject({ hits: [], total: 0 });
    }),
    { numRuns: 300 },
  );
});

// BM25 as the books have it, times the lift for newer documents (0.1, halved after 90 days).
const plainScore = (
  list: readonly SearchDocument[],
  each: SearchDocument,
  terms: readonly string[],
): number => {
  const lengths = list.map((other) => tokensOf(other.text).length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / list.length;
  const tokens = tokensOf(each.text);
  const newest = Math.max(...list.map((other) => other.at));
  const lift = 1 + 0.1 / (1 + (newest - each.at) / (90 * 86_400));
  return terms.reduce((score, term) => {
    const having = list.filter((other) => tokensOf(other.text).includes(term)).length;
    const frequency = tokens.filter((token) => token === term).length;
    const rarity = Math.log(1 + (list.length - having + 0.5) / (having + 0.5));
    const share = (frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * tokens.length) / mean));
    return score + rarity * share * lift;
  }, 0);
};

test('scores are BM25, over however many segments', () => {
  const spread = document(fc.uuid()).map((each) => ({ ...each, at: each.at * 50_000 }));
  const pair = fc.constantFrom(['rain', 'sun'], ['rail', 'a'], ['grosse', 'naive'], ['ant', '🌧'], ['an']);
  fc.assert(
    fc.property(fc.array(spread, { minLength: 1, maxLength: 25 }), pair, (list, terms) => {
      const index = new SearchIndex();
      for (const [i, each] of list.entries()) {
        index.add(each);
        if (i % 7 === 6) index.flush();
      }
      const { hits, all } = index.search(terms.map((term) => `"${term}"`).join(' '), { limit: 500 });
      if (!all) return;
      for (const hit of hits) {
        const each = list.find((other) => other.id === hit.id)!;
        expect(hit.score).toBeCloseTo(plainScore(list, each, terms), 4);
      }
    }),
    { numRuns: 200 },
  );
});

const indexOf = (...texts: string[]): SearchIndex => {
  const index = new SearchIndex();
  for (const [i, each] of texts.entries())
    index.add({ id: `${i}`, place: 'here', author: 'ann', at: 1_700_000_000 + i, text: each });
  return index;
};
const found = (index: SearchIndex, text: string): string[] => index.search(text).hits.map((hit) => hit.id);

test.each([
  ['German', 'Wir treffen uns auf der Großen Straße', 'strasse grossen'],
  ['Turkish', 'IĞDIR’dan İstanbul’a', 'ığdır istanbul'],
  ['Japanese', '明日は東京で会いましょう', '東京'],
  ['Japanese, part of a word', '東京都庁前で会う', '京都'],
  ['Chinese', '我们在北京吃烤鸭', '北京烤鸭'],
  ['Chinese, one character', '我们在北京吃烤鸭', '鸭'],
  ['Arabic, without vowels', 'مَرحبًا بِالعالم', 'مرحبا'],
  ['Persian by an Arabic keyboard', 'کتاب خوب', 'كتاب'],
  ['Thai', 'วันนี้อากาศดีมาก', 'อากาศ'],
  ['Hindi', 'नमस्ते दुनिया', 'दुनिया'],
  ['Korean with a particle', '서울에서 만나요', '서울'],
  ['emoji of another skin', 'well done 👍🏽', '👍'],
  ['a host', 'look at https://relay.example.com/about', 'example'],
])('%s', (_, said, asked) => {
  const index = indexOf('something else entirely', said, 'and another thing');
  const { hits } = index.search(asked);
  const ids = (list: readonly Hit[]): string[] => list.map((hit) => hit.id);
  expect(ids(hits)).toEqual(['1']);
  expect(highlight(said, hits[0]!.terms).length).toBeGreaterThan(0);
});

test('rarer words, more mentions and shorter texts rank higher; among equals the newer', () => {
  const filler = Array.from({ length: 20 }, (_, i) => `common filler${i}`);
  expect(found(indexOf(...filler, 'common zebra'), 'common zebra')).toEqual(['20']);
  expect(found(indexOf('zebra and a long tail of other words here', 'zebra here'), 'zebra')).toEqual([
    '1',
    '0',
  ]);
  expect(found(indexOf('zebra zebra food', 'zebra house food'), 'zebra')).toEqual(['0', '1']);
  expect(found(indexOf('same words', 'same words', 'same words'), 'same')).toEqual(['2', '1', '0']);
  const index = indexOf('common zebra', ...filler);
  expect(index.search('zebra filler3').hits.map((hit) => hit.id)).toEqual(['4', '0']);
  expect(index.search('zebra filler3').all).toBe(false);
});

test('the whole word ranks above words that go on', () => {
  expect(found(indexOf('map', 'maps', 'mapping'), 'map')[0]).toBe('0');
  expect(found(indexOf('map', 'maps', 'mapping', 'amap'), 'ma').sort()).toEqual(['0', '1', '2']);
});

test('slips are forgiven when the word itself is hardly there, and the stand-ins are marked', () => {
  const index = indexOf('Kreuzberg tonight', 'Neukölln tomorrow', 'Berlin');
  expect(found(index, 'kreuzbreg tonight')).toEqual(['0']);
  expect(found(index, 'neukoelln')).toEqual(['1']);
  expect(found(index, 'belrin')).toEqual(['2']);
  expect(found(index, 'brn')).toEqual([]);
  const [hit] = index.search('kreutzberg').hits;
  expect(highlight('Kreuzberg tonight', hit!.terms)).toEqual([{ start: 0, end: 9 }]);
  const many = indexOf('house', 'house', 'house', 'horse');
  expect(found(many, 'house now')).not.toContain('3');
});

test('a phrase asks for its words; the words in order are the caller’s to check', () => {
  const index = indexOf('night train', 'train night', 'night bus');
  const result = index.search('"night train"');
  expect(result.hits.map((hit) => hit.id).sort()).toEqual(['0', '1']);
  expect(result.phrases.map((phrase) => phrase.map((match) => match.term))).toEqual([['night', 'train']]);
});

test('no words, no hits', () => {
  const index = indexOf('something');
  for (const text of ['', '   ', '!?…', '"'])
    expect(index.search(text)).toMatchObject({ hits: [], total: 0 });
  expect(new SearchIndex().search('something')).toMatchObject({ hits: [], total: 0, all: false });
});

test('filters: place, person, first and last second', () => {
  const index = new SearchIndex();
  for (const [i, [place, author]] of [
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
  ].entries() as Iterable<[number, [string, string]]>)
    index.add({ id: `${i}`, place, author, at: i * 10, text: 'word' });
  const ids = (filter: SearchOptions) => index.search('word', filter).hits.map((hit) => hit.id);
  expect(ids({})).toEqual(['2', '1', '0']);
  expect(ids({ place: 'a' })).toEqual(['1', '0']);
  expect(ids({ author: 'x' })).toEqual(['2', '0']);
  expect(ids({ place: 'a', author: 'x' })).toEqual(['0']);
  expect(ids({ from: 10, to: 10 })).toEqual(['1']);
  expect(ids({ from: 11 })).toEqual(['2']);
  expect(ids({ to: 9.5 })).toEqual(['0']);
  expect(ids({ place: 'c' })).toEqual([]);
});

test('an edit replaces: old words find nothing, new ones do, across a reopening too', () => {
  const bench = new Bench();
  const before = { id: 'e'.repeat(64), place: 'p', author: 'a', at: 5, text: 'oldcanary word' };
  bench.run({ does: 'add', document: before });
  bench.reopen();
  bench.run({ does: 'add', document: { ...before, text: 'newtext word' } });
  expect(found(bench.index, 'oldcanary')).toEqual([]);
  expect(found(bench.index, 'newtext')).toEqual([before.id]);
  bench.reopen();
  expect(found(bench.index, 'oldcanary')).toEqual([]);
  expect(found(bench.index, 'word')).toEqual([before.id]);
});

test('a large buffer becomes a segment by itself, searched or not; segments are merged to a few', () => {
  const bench = new Bench();
  const add = (from: number, to: number): void => {
    for (let i = from; i < to; i++)
      bench.index.add({ id: `${i}`, place: 'p', author: 'a', at: i, text: `number${i % 100}` });
  };
  add(0, 255);
  bench.index.search('number7');
  expect(bench.index.buffered).toBe(255);
  add(255, 256);
  bench.index.search('number7');
  expect(bench.index.buffered).toBe(0);
  add(256, 20_000);
  expect(bench.index.buffered).toBe(20_000 - 256 - 16_384);
  for (let i = 0; i < 6; i++) {
    bench.index.flush();
    add(20_000 + i * 300, 20_300 + i * 300);
  }
  while (bench.index.tidy());
  bench.save();
  expect(bench.stored.size).toBeLessThan(7);
  expect(bench.index.search('number7').total).toBe(218 * 11);
  expect(bench.index.search('"number7"').total).toBe(218);
});
