import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { FakeCity } from '../../../tests/support/fake-city.ts';
import { Following } from './following.ts';

const keys = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => (from + index).toString(16).padStart(64, '0'));
const open = () => {
  const city = new FakeCity();
  const authors = () => [...city.subscriptions].map(({ filters }) => filters[0]?.authors);
  return { city, following: new Following(city), authors };
};

test('people read together share one live question about their profiles', () => {
  const { city, following } = open();
  following.add(keys(0, 3));
  const authors = keys(0, 3);
  expect([...city.subscriptions]).toEqual([
    {
      filters: [
        { kinds: [kinds.PROFILE], authors },
        { kinds: [kinds.STATUS], '#d': ['general'], authors },
      ],
    },
  ]);
});

test('who comes later joins the open question, and nobody is asked about twice', () => {
  const { following, authors } = open();
  following.add(keys(0, 60));
  following.add(keys(50, 20));
  following.add(keys(0, 10));
  expect(authors()).toEqual([keys(0, 70)]);
  following.add(keys(70, 50));
  expect(authors()).toEqual([keys(0, 100), keys(100, 20)]);
});

test('beyond three questions the first people are let go, and may come back', () => {
  const { following, authors } = open();
  following.add(keys(0, 350));
  expect(authors()).toEqual([keys(100, 100), keys(200, 100), keys(300, 50)]);
  following.add(keys(0, 1));
  expect(authors().at(-1)).toEqual([...keys(300, 50), ...keys(0, 1)]);
});

test('a stopped following holds nothing', () => {
  const { city, following } = open();
  following.add(keys(0, 250));
  following.stop();
  expect(city.subscriptions.size).toBe(0);
});
