import { expect, test } from 'vitest';
import { fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { members } from '../model/tables.ts';
import type { Place } from './place.ts';
import { sharedPlaces } from './shared-places.ts';

const [anna, ben] = [fakeKey('a1'), fakeKey('b2')];
const place = (id: string): Place => ({ id, name: id }) as Place;
const signed = (...pubkeys: string[]) => ({
  id: fakeKey('ff'),
  created_at: 1,
  people: pubkeys.map((pubkey) => ({ pubkey, roles: [] })),
});

test('places where both are, by either list; a place without a list tells nothing', async () => {
  const rows = new MemoryRows([]);
  rows.put(members, { group: 'quay', members: signed(anna, ben) });
  rows.put(members, { group: 'park', members: signed(anna) });
  rows.put(members, { group: 'hall', admins: signed(ben) });
  const found = await sharedPlaces(rows, ['quay', 'park', 'hall', 'lost'].map(place), ben);
  expect(found.map(({ id }) => id)).toEqual(['quay', 'hall']);
});
