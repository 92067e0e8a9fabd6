import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { groupOf, hasTag, tagValue } from '#protocol/tags.ts';
import type { Geohash } from '#shared/geohash.ts';
import { FakeCity, fakeAccount, refusal } from '../../../../tests/support/fake-city.ts';
import { groupsProjection } from '../projection.ts';
import { GroupMaker } from './maker.svelte.ts';
import type { Made } from './maker.svelte.ts';

const cell = 'u33d' as Geohash;
const begin = () => {
  const city = new FakeCity({ projections: [groupsProjection], account: fakeAccount() });
  const made: Made[] = [];
  const maker = new GroupMaker(city, { onmade: (one) => made.push(one), patience: 20 });
  maker.name = ' Harbour ';
  maker.about = 'Boats';
  return { city, maker, made };
};
const creations = (city: FakeCity) => city.drafts.filter(({ kind }) => kind === kinds.CREATE_GROUP);

test('a place is made of what was typed and chosen', async () => {
  const { city, maker, made } = begin();
  maker.access = 'private';
  maker.hidden = true;
  await maker.start(cell);
  const [draft] = creations(city);
  expect(draft && tagValue(draft, 'name')).toBe('Harbour');
  expect(draft && tagValue(draft, 'g')).toBe('u33d');
  expect(draft && ['private', 'restricted', 'closed', 'hidden'].every((flag) => hasTag(draft, flag))).toBe(
    true,
  );
  expect(maker.stage).toBe('made');
  expect(made).toEqual([{ id: draft && groupOf(draft), name: 'Harbour' }]);
});

test('a refusal keeps every word, and a second try is the same place', async () => {
  const { city, maker, made } = begin();
  city.answers = () => refusal('rate-limited: slow down');
  await maker.start(cell);
  expect(maker).toMatchObject({ stage: 'writing', name: ' Harbour ', about: 'Boats' });
  expect(maker.failure?.code).toBe('rate-limited');
  city.answers = (event) => ({ ok: true, value: { note: event.id } });
  await maker.start(cell);
  expect(maker.stage).toBe('made');
  expect(maker.failure).toBeUndefined();
  const ids = creations(city).map((draft) => groupOf(draft));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(made).toHaveLength(1);
});

test('two presses are one place', async () => {
  const { city, maker } = begin();
  await Promise.all([maker.start(cell), maker.start(cell)]);
  expect(creations(city)).toHaveLength(1);
});

test('cancelled work says so and keeps every word', async () => {
  const { city, maker } = begin();
  const publish = city.publish.bind(city);
  city.publish = (draft, options) => {
    maker.cancel();
    return publish(draft, options);
  };
  await maker.start(cell);
  expect(maker).toMatchObject({ stage: 'writing', name: ' Harbour ' });
  expect(maker.failure?.code).toBe('cancelled');
});

test('without the city’s word it is queued, and nobody is told that it is made', async () => {
  const { city, maker, made } = begin();
  city.answers = () => 'wait';
  await maker.start(cell);
  expect(maker.stage).toBe('queued');
  expect(made).toEqual([]);
});

test('a fresh sheet is empty and another place', async () => {
  const { city, maker } = begin();
  await maker.start(cell);
  maker.reset();
  expect(maker).toMatchObject({ name: '', about: '', access: 'open', hidden: false, stage: 'writing' });
  maker.name = 'Market';
  await maker.start(undefined);
  const [first, second] = creations(city).map((draft) => groupOf(draft));
  expect(first).not.toBe(second);
});
