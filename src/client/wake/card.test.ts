import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson, anyText } from '../../../tests/support/wire-arbitraries.ts';
import { utf8Length } from '#shared/bytes.ts';
import { fakeKey } from '../../../tests/support/fake-city.ts';
import { cardRecords, parseCard, shunsLine } from './card.ts';
import type { WakeCard, WakePlace } from './card.ts';
import { FOR_GOOD } from './wants.ts';

const place = (parts: Partial<WakePlace> = {}): WakePlace => ({
  id: 'pier',
  name: 'Harbour Pier',
  level: 'all',
  mutedUntil: 0,
  isClosed: false,
  readUpTo: 1_800_000_000,
  ...parts,
});
const card = (places: readonly WakePlace[]): WakeCard => ({
  relay: 'wss://city.test',
  pubkey: fakeKey('a1'),
  showsWords: true,
  seenUpTo: 1_800_000_100,
  places,
  shunned: { people: [], words: [] },
});

const anyPlace: fc.Arbitrary<WakePlace> = fc.record({
  id: fc.string({ unit: fc.constantFrom(...'abcXYZ-_09'), minLength: 1, maxLength: 64 }),
  name: fc
    .oneof(anyText, fc.string({ unit: fc.constant('👩‍👩‍👧'), maxLength: 100 }))
    .map((text) => [...text].slice(0, 60).join('')),
  level: fc.constantFrom('all', 'mentions', 'nothing'),
  mutedUntil: fc.constantFrom(0, FOR_GOOD, 1_900_000_000),
  isClosed: fc.boolean(),
  readUpTo: fc.nat(),
});

test('a card comes back as it was, and none of its records is large enough to be compressed', () => {
  fc.assert(
    fc.property(fc.array(anyPlace, { maxLength: 60 }), (places) => {
      const records = cardRecords(card(places));
      for (const value of records.values()) expect(utf8Length(JSON.stringify(value))).toBeLessThan(1024);
      const stored = new Map(
        [...records].map(([name, value]) => [name, JSON.parse(JSON.stringify(value)) as unknown]),
      );
      expect(parseCard(stored)).toEqual(JSON.parse(JSON.stringify(card(places))));
    }),
    { numRuns: 200 },
  );
});

test('long names are cut, by characters', () => {
  const long = parseCard(cardRecords(card([place({ name: '😀'.repeat(100) })])));
  expect(long?.places[0]?.name).toBe('😀'.repeat(60));
});

test('the names of its records tell nothing', () => {
  const names = [
    ...cardRecords(card(Array.from({ length: 40 }, (_, at) => place({ id: `pier-${at}` })))).keys(),
  ];
  expect(names.every((name) => /^(t|\d{1,3})$/.test(name))).toBe(true);
});

test('records of a longer card from before are not read', () => {
  const before = cardRecords(card(Array.from({ length: 60 }, (_, at) => place({ id: `old-${at}` }))));
  const now = cardRecords(card([place()]));
  expect(parseCard(new Map([...before, ...now]))?.places.map(({ id }) => id)).toEqual(['pier']);
});

test('without a head there is no card, and a damaged part costs its places only', () => {
  const records = new Map(cardRecords(card([place()])));
  expect(parseCard(new Map([...records].filter(([name]) => name !== '0')))).toBeUndefined();
  expect(parseCard(new Map([...records, ['1', 'x']]))?.places).toEqual([]);
  expect(
    parseCard(
      new Map([
        ...records,
        [
          '1',
          [
            ['a', 'b', 7, 0, 0, 0],
            ['c', 'd', 1, 0, 0, 5],
          ],
        ],
      ]),
    )?.places,
  ).toEqual([{ id: 'c', name: 'd', level: 'mentions', mutedUntil: 0, isClosed: false, readUpTo: 5 }]);
  expect(parseCard(new Map([...records].filter(([name]) => name !== 't')))?.seenUpTo).toBe(0);
});

test('nothing that a disk may hold makes it throw', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('0', '1', '2', 't'), anyJson), (values) => {
      expect(() => parseCard(new Map(Object.entries(values)))).not.toThrow();
    }),
  );
  for (const head of [
    { v: 2 },
    { v: 1, relay: 'https://x', pubkey: fakeKey('a1') },
    { v: 1, relay: 'wss://x', pubkey: 'x' },
  ])
    expect(parseCard(new Map([['0', head]]))).toBeUndefined();
});

test('people and words that are put away travel with the card, in small records', () => {
  const people = Array.from({ length: 300 }, (_, at) => at.toString(16).padStart(16, '0') + 'f'.repeat(48));
  const words = Array.from({ length: 100 }, (_, at) => `muted word ${at}`);
  const records = cardRecords({ ...card([]), shunned: { people, words: [...words, 'x'.repeat(2000)] } });
  for (const value of records.values()) expect(utf8Length(JSON.stringify(value))).toBeLessThan(1024);
  const back = parseCard(records);
  expect(back?.shunned.words).toEqual(words);
  const isShunned = shunsLine(back as WakeCard);
  expect(isShunned({ author: people[299] ?? '', text: 'hi' })).toBe(true);
  expect(isShunned({ author: fakeKey('b2'), text: 'a Muted Word 7, no less' })).toBe(true);
  expect(isShunned({ author: fakeKey('b2'), text: 'hi' })).toBe(false);
});
