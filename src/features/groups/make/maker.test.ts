import { expect, test } from 'vitest';
import type { Published, PublishFailure } from '#client/city/city.ts';
import type { Answer } from '#client/engine/engine.ts';
import { makeCreateGroup } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { groupOf, hasTag, tagValue } from '#protocol/tags.ts';
import type { Geohash } from '#shared/geohash.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { FakeCity, fakeAccount, fakeEvent, refusal } from '../../../../tests/support/fake-city.ts';
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
  expect(city.discarded).toEqual(city.published.map(({ id }) => id));
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

const unfinished = (name = 'Harbour') => ({
  ...makeCreateGroup('h4rb0ur', {
    name,
    about: 'Boats',
    geohash: cell,
    modes: { private: true, restricted: true, closed: true, hidden: true },
  }),
  created_at: 1_800_000_000,
  pubkey: fakeAccount().pubkey,
});
const ending = () => {
  let end: (published: Result<Published, PublishFailure>) => void = () => undefined;
  const promise = new Promise<Result<Published, PublishFailure>>((resolve) => (end = resolve));
  return { promise, end };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const published = (answer: Promise<Answer> = Promise.resolve(ok({ note: '' }))) =>
  ok({ event: fakeEvent(unfinished()), answer });

test('a place that an earlier page began is taken up with all its words, and told of when it is made', async () => {
  const { city, made } = begin();
  const maker = new GroupMaker(city, { onmade: (one) => made.push(one), patience: 20 });
  const { promise, end } = ending();
  maker.takeUp(unfinished(), () => promise);
  expect(maker).toMatchObject({
    stage: 'working',
    id: 'h4rb0ur',
    name: 'Harbour',
    about: 'Boats',
    access: 'private',
    hidden: true,
    geohash: cell,
  });
  expect(creations(city)).toEqual([]);
  end(published());
  await settled();
  expect(maker.stage).toBe('made');
  expect(made).toEqual([{ id: 'h4rb0ur', name: 'Harbour' }]);
});

test('what somebody is writing is left alone, and so is work under way', async () => {
  const { maker } = begin();
  maker.takeUp(unfinished(), () => ending().promise);
  expect(maker).toMatchObject({ stage: 'writing', name: ' Harbour ' });
  maker.reset();
  maker.takeUp(unfinished(), () => ending().promise);
  maker.takeUp(unfinished('Other'), () => ending().promise);
  expect(maker).toMatchObject({ stage: 'working', name: 'Harbour' });
});

test('work that has ended meanwhile and events that are no place are not taken up', () => {
  const { maker } = begin();
  maker.reset();
  maker.takeUp(unfinished(), () => undefined);
  maker.takeUp({ ...unfinished(), kind: kinds.NOTE }, () => ending().promise);
  expect(maker.stage).toBe('writing');
});

test('stopped work that is wanted after all is the same place; changed words are not overwritten', async () => {
  const { maker } = begin();
  maker.reset();
  const first = ending();
  maker.takeUp(unfinished(), () => first.promise);
  first.end(fail('cancelled', 'You stopped this.'));
  await settled();
  expect(maker).toMatchObject({ stage: 'writing', name: 'Harbour', failure: { code: 'cancelled' } });
  maker.takeUp(unfinished(), () => ending().promise);
  expect(maker).toMatchObject({ stage: 'working', failure: undefined });
  const other = new GroupMaker(begin().city);
  const stopped = ending();
  other.takeUp(unfinished(), () => stopped.promise);
  stopped.end(fail('refused', 'no'));
  await settled();
  other.name = 'Harbour Two';
  other.takeUp(unfinished(), () => ending().promise);
  expect(other).toMatchObject({ stage: 'writing', name: 'Harbour Two' });
});

test('the city’s late word is told of, also after the sheet was cleared', async () => {
  const { city, maker, made } = begin();
  city.answers = () => 'wait';
  await maker.start(cell);
  expect(maker.stage).toBe('queued');
  await city.accept(city.published[0]?.id ?? '');
  await settled();
  expect(maker.stage).toBe('made');
  expect(made).toHaveLength(1);
  maker.reset();
  maker.name = 'Market';
  await maker.start(cell);
  maker.reset();
  await city.accept(city.published.findLast(({ kind }) => kind === kinds.CREATE_GROUP)?.id ?? '');
  await settled();
  expect(maker.stage).toBe('writing');
  expect(made.map(({ name }) => name)).toEqual(['Harbour', 'Market']);
});
