import { expect, test } from 'vitest';
import { fakeKey } from '../../../tests/support/fake-city.ts';
import { parseCard } from './card.ts';
import type { WakeCard } from './card.ts';
import { CardKeeper } from './card-keeper.ts';

/** A profile's notes in memory. */
const notes = () => {
  const kept = new Map<string, unknown>();
  const writes: string[] = [];
  let isFull = false;
  return {
    writes,
    fill: (full: boolean) => void (isFull = full),
    card: () => parseCard(new Map([...kept].map(([name, value]) => [name.replace('wake ', ''), value]))),
    names: () => [...kept.keys()],
    write: (name: string, value: unknown) => {
      if (isFull) return Promise.reject(new Error('full'));
      writes.push(name);
      if (value === undefined) kept.delete(name);
      else kept.set(name, value);
      return Promise.resolve();
    },
  };
};

const card = (names: readonly string[], seenUpTo = 5): WakeCard => ({
  relay: 'wss://city.test',
  pubkey: fakeKey('a1'),
  showsWords: true,
  seenUpTo,
  places: names.map((name) => ({
    id: name,
    name,
    level: 'all',
    mutedUntil: 0,
    isClosed: false,
    readUpTo: 0,
  })),
  shunned: { people: [], words: [] },
});

test('what changed is written, and nothing else', async () => {
  const { write, writes, card: kept } = notes();
  const keeper = new CardKeeper(write);
  await keeper.keep(card(['pier']));
  expect(kept()).toEqual(card(['pier']));
  writes.length = 0;
  await keeper.keep(card(['pier']));
  expect(writes).toEqual([]);
  await keeper.keep(card(['pier'], 6));
  expect(writes).toEqual(['wake t']);
  writes.length = 0;
  await keeper.keep(card(['pier', 'tower'], 6));
  expect(writes).toEqual(['wake 1']);
  expect(kept()).toEqual(card(['pier', 'tower'], 6));
});

test('changes at the same time end with the last one', async () => {
  const { write, card: kept } = notes();
  const keeper = new CardKeeper(write);
  await Promise.all([keeper.keep(card(['a'])), keeper.keep(card(['b'])), keeper.keep(card(['c']))]);
  expect(kept()).toEqual(card(['c']));
});

test('a shorter card leaves nothing of the longer one, a cleared one nothing at all', async () => {
  const { write, names, card: kept } = notes();
  const keeper = new CardKeeper(write);
  await keeper.keep(card(Array.from({ length: 100 }, (_, at) => `place-${at}`)));
  expect(names().length).toBeGreaterThan(5);
  await keeper.keep(card(['pier']));
  expect(names().sort()).toEqual(['wake 0', 'wake 1', 'wake t']);
  await keeper.clear();
  expect(names()).toEqual([]);
  expect(kept()).toBeUndefined();
});

test('a card that an earlier page left is cleared too', async () => {
  const { write, card: kept } = notes();
  await new CardKeeper(write).keep(card(['pier']));
  await new CardKeeper(write).clear();
  expect(kept()).toBeUndefined();
});

test('what could not be written is written the next time', async () => {
  const { write, fill, card: kept } = notes();
  const keeper = new CardKeeper(write);
  fill(true);
  await expect(keeper.keep(card(['pier']))).rejects.toThrow('full');
  fill(false);
  await keeper.keep(card(['pier']));
  expect(kept()).toEqual(card(['pier']));
});
