import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { groupsProjection } from '../projection.ts';
import { followedPlaces } from './followed.ts';

const [anna, ben, city] = [fakeKey('a1'), fakeKey('b2'), fakeKey('c3')];
const seen = (kind: number, tags: string[][], pubkey = city, at = 100) => ({
  type: 'RelayEventSeen' as const,
  v: 1 as const,
  relay: 'wss://a.test',
  event: fakeEvent({ kind, content: '', created_at: at, tags, pubkey }),
});
const people = (place: string, ...keys: string[]) =>
  seen(kinds.GROUP_MEMBERS, [['d', place], ...keys.map((key) => ['p', key])]);

test('the places whose lists have me, described or not, but for those that have ended', async () => {
  const rows = new MemoryRows([groupsProjection]);
  await rows.apply(
    people('plaza', anna, ben),
    people('pier', ben),
    seen(kinds.GROUP_ADMINS, [
      ['d', 'quay'],
      ['p', anna, 'admin'],
    ]),
    people('ruin', anna),
    seen(kinds.DELETE_GROUP, [['h', 'ruin']], anna),
  );
  expect((await followedPlaces.places(rows, anna)).sort()).toEqual(['plaza', 'quay']);
  expect(await followedPlaces.places(rows, city)).toEqual([]);
  expect(followedPlaces.watched).toEqual([{ table: 'members' }]);
});
