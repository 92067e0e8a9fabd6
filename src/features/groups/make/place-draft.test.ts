import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Geohash } from '#shared/geohash.ts';
import { anyJson } from '../../../../tests/support/wire-arbitraries.ts';
import { FakeCity, fakeAccount } from '../../../../tests/support/fake-city.ts';
import { groupsProjection } from '../projection.ts';
import { GroupMaker } from './maker.svelte.ts';
import { parsePlaceDraft } from './place-draft.ts';

const cell = 'u33d' as Geohash;

/** A device that keeps what it is told, over reloads. */
const device = () => {
  const memory = {
    value: undefined as unknown,
    isFull: false,
    writes: 0,
    read: () => Promise.resolve(structuredClone(memory.value)),
    write: (value: unknown) => {
      if (memory.isFull) return Promise.reject(new Error('full'));
      memory.writes++;
      memory.value = structuredClone(value);
      return Promise.resolve();
    },
  };
  return memory;
};
const open = async (memory: ReturnType<typeof device>) => {
  const city = new FakeCity({ projections: [groupsProjection], account: fakeAccount() });
  const waiting: (() => void)[] = [];
  const after = (_ms: number, done: () => void) => {
    waiting.push(done);
    return () => void waiting.splice(waiting.indexOf(done), 1);
  };
  const maker = new GroupMaker(city, { memory, after, patience: 20 });
  await maker.restore();
  return { city, maker, rest: () => waiting.splice(0).forEach((done) => done()) };
};

describe('a place being written', () => {
  test('survives the end of the page, cell and choices too, and is the same place', async () => {
    const memory = device();
    const { maker, rest } = await open(memory);
    expect(maker.isRestored).toBe(false);
    const picture = `https://city.example/${'c'.repeat(64)}.webp`;
    Object.assign(maker, { name: 'Harbour', about: 'Boats', access: 'private', hidden: true, picture });
    maker.keep(cell);
    rest();
    const again = (await open(memory)).maker;
    expect(again).toMatchObject({
      name: 'Harbour',
      about: 'Boats',
      access: 'private',
      hidden: true,
      picture,
    });
    expect(again).toMatchObject({ draftCell: cell, isRestored: true, id: maker.id, stage: 'writing' });
  });

  test('is written when the person rests, once, and at once where the page may end', async () => {
    const memory = device();
    const { maker, rest } = await open(memory);
    for (const name of ['H', 'Ha', 'Har']) {
      maker.name = name;
      maker.keep(undefined);
    }
    expect(memory.writes).toBe(0);
    rest();
    expect(memory.writes).toBe(1);
    maker.name = 'Harb';
    maker.keep(undefined);
    await maker.flush();
    expect(memory.value).toMatchObject({ name: 'Harb' });
    maker.keep(undefined);
    await maker.flush();
    expect(memory.writes).toBe(2);
  });

  test('starting over leaves an empty sheet, for good', async () => {
    const memory = device();
    const { maker } = await open(memory);
    maker.name = 'Harbour';
    maker.keep(cell);
    await maker.flush();
    const before = maker.id;
    maker.reset();
    await maker.flush();
    expect(maker).toMatchObject({ name: '', isRestored: false, draftCell: undefined });
    expect(maker.id).not.toBe(before);
    expect((await open(memory)).maker).toMatchObject({ name: '', isRestored: false });
  });

  test('is no draft any more once it is signed and safe; while it is refused, it is', async () => {
    const memory = device();
    const { city, maker } = await open(memory);
    maker.name = 'Harbour';
    maker.keep(cell);
    city.publishFailure = { code: 'storage', message: 'full' };
    await maker.start(cell);
    await maker.flush();
    expect(maker).toMatchObject({ stage: 'writing', name: 'Harbour', failure: { code: 'storage' } });
    expect(maker.failure?.message).toMatch(/space/);
    expect(memory.value).toMatchObject({ name: 'Harbour' });
    city.publishFailure = undefined;
    city.answers = () => 'wait';
    await maker.start(cell);
    await maker.flush();
    expect(maker.stage).toBe('queued');
    expect((await open(memory)).maker.name).toBe('');
  });

  test('a full disk leaves the words on the screen, and is asked again', async () => {
    const memory = device();
    const { maker } = await open(memory);
    memory.isFull = true;
    maker.name = 'Harbour';
    maker.keep(undefined);
    await maker.flush();
    expect(maker.name).toBe('Harbour');
    memory.isFull = false;
    maker.keep(undefined);
    await maker.flush();
    expect(memory.value).toMatchObject({ name: 'Harbour' });
  });

  test('without a memory, and with one that cannot be read, there is an empty sheet', async () => {
    const city = new FakeCity({ account: fakeAccount() });
    const maker = new GroupMaker(city);
    await maker.restore();
    maker.keep(cell);
    await maker.flush();
    expect(maker.isRestored).toBe(false);
    const broken = { read: () => Promise.reject(new Error('x')), write: () => Promise.resolve() };
    const other = new GroupMaker(city, { memory: broken });
    await other.restore();
    expect(other.name).toBe('');
  });
});

test('what was kept is read as a stranger’s data', () => {
  const draft = {
    id: 'abcdefgh',
    name: 'Harbour',
    about: '',
    access: 'open',
    hidden: false,
    geohash: 'u33d',
  };
  expect(parsePlaceDraft(draft)).toEqual(draft);
  expect(parsePlaceDraft({ ...draft, geohash: '!!' })).not.toHaveProperty('geohash');
  for (const wrong of [
    { id: '../x' },
    { name: 7 },
    { access: 'all' },
    { name: ' ' },
    { about: 'x'.repeat(30_000) },
  ])
    expect(parsePlaceDraft({ ...draft, ...wrong }), JSON.stringify(wrong).slice(0, 30)).toBeUndefined();
  fc.assert(
    fc.property(anyJson, (value) => {
      const parsed = parsePlaceDraft(value);
      expect(parsed === undefined || parsed.name + parsed.about !== '').toBe(true);
    }),
  );
});
