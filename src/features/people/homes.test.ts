import { expect, test } from 'vitest';
import { fakeEvent, fakeKey, FakeCity } from '../../../tests/support/fake-city.ts';
import { homesOf } from './homes.ts';
import { peopleProjection } from './projection.ts';

const anna = fakeKey('a1');
const listOf = (...relays: string[]) =>
  fakeEvent({ kind: 10002, pubkey: anna, tags: relays.map((relay) => ['r', relay]) });
const make = () => new FakeCity({ projections: [peopleProjection] });

test('their own relays, without the city and without a neighbour in one’s network', async () => {
  const city = make();
  await city.deliver(listOf('wss://city.test', 'wss://a.example', 'ws://192.168.0.1', 'wss://nas.local'));
  expect(await homesOf(city, anna, 'everywhere')).toEqual(['wss://a.example']);
  expect(city.fetches).toEqual([]);
});

test('a list that the city lacks is asked of indexers, once it is found of nobody else', async () => {
  const city = make();
  city.onFetch = ({ relay }) => (relay === 'wss://purplepag.es' ? [listOf('wss://b.example')] : []);
  expect(await homesOf(city, anna, 'everywhere')).toEqual(['wss://b.example']);
  expect(city.fetches.map(({ relay }) => relay)).toEqual([undefined, 'wss://purplepag.es']);
});

test('in this city only, nobody is asked', async () => {
  const city = make();
  expect(await homesOf(city, anna, 'city')).toEqual([]);
  expect(city.fetches).toEqual([]);
});
