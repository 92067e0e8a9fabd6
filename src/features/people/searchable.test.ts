import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { peopleProjection } from './projection.ts';
import { people } from './tables.ts';

const pubkey = fakeKey('a1');
const wordsOf = async (...profiles: (readonly [content: object, at: number])[]) => {
  const rows = new MemoryRows([peopleProjection]);
  for (const [content, created_at] of profiles)
    await rows.apply({
      type: 'RelayEventSeen',
      v: 1,
      event: fakeEvent({ kind: kinds.PROFILE, content: JSON.stringify(content), created_at, pubkey }),
      relay: 'wss://city.test',
    });
  const searchable = peopleProjection.searchable?.find(({ table }) => table === people.name);
  return searchable?.words(await rows.get(people, pubkey));
};

test('a person is found by name, address and description, as the author of them', async () => {
  const profile = { name: 'Ada', nip05: 'ada@city.test', about: 'Builds engines', website: 'https://a.test' };
  expect(await wordsOf([profile, 9])).toEqual({
    text: 'Ada\nada@city.test\nBuilds engines',
    author: pubkey,
    at: 9,
  });
});

test('only the newest words of a person count', async () => {
  const words = await wordsOf([{ name: 'New' }, 9], [{ name: 'Old', about: 'long ago' }, 3]);
  expect(words?.text).toBe('New');
});

test('a profile without words is in no index', async () => {
  expect(await wordsOf([{ picture: 'https://a.test/a.png' }, 1])).toBeUndefined();
});
