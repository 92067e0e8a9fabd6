/** A city in memory with one lively place, for looking at the feature's screens in every standing. */
import { groupsProjection } from '#features/groups/projection.ts';
import { peopleProjection } from '#features/people/projection.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeJoinRequest } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';

export const HARBOUR = 'harbour';
const people = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', '17', '28', '39', '4a', '5b', '6c', '7d', '8e', '9f'];
export const me = fakeKey('a1');
const names = [
  'Ada Lovelace',
  'Élodie Fontaine',
  'محمد الإدريسي',
  'Bartholomäus Rindfleischetikettierungs',
  'Yuki 🌸',
  'Tom',
  'Ngũgĩ',
  'Søren',
];
const about = `Boats, tides and the fish market. We meet on Thursdays at the old crane, whatever the weather.

New here? Say hello and tell which boat is yours. Photographs of storms are welcome, weather complaints less so. The harbour master reads along and answers when the gates are closed.`;

const state = (relayKey: string, kind: number, tags: string[][]): NostrEvent =>
  fakeEvent({ kind, pubkey: relayKey, created_at: 1_795_000_000, tags: [['d', HARBOUR], ...tags] });

/** `as`: visitor, stranger (an account that isn't in), asked, refused, member, admin. `flags`: restricted, closed, … */
export async function makeScene(as: string, flags: readonly string[]): Promise<FakeCity> {
  const city = new FakeCity({
    projections: [groupsProjection, peopleProjection],
    account: as === 'visitor' ? undefined : fakeAccount(me),
  });
  const isIn = as === 'member' || as === 'admin';
  const inside = people.map(fakeKey).filter((key) => isIn || key !== me);
  const admin = as === 'admin' ? me : fakeKey('b2');
  const stored = [
    state(city.relayKey, kinds.GROUP_METADATA, [
      ['name', 'Old Harbour & Fish Market'],
      ['about', about],
      ['g', 'u33d1'],
      ...flags.map((flag) => [flag]),
    ]),
    state(city.relayKey, kinds.GROUP_ADMINS, [
      ['p', admin, 'admin'],
      ['p', fakeKey('c3'), 'admin'],
    ]),
    state(
      city.relayKey,
      kinds.GROUP_MEMBERS,
      inside.map((key) => ['p', key]),
    ),
    ...names.map((name, index) =>
      fakeEvent({
        kind: kinds.PROFILE,
        pubkey: fakeKey(people[index] ?? '00'),
        content: JSON.stringify({ name, about: `${name} lives by the water.` }),
      }),
    ),
    ...(as === 'admin' ? requests() : []),
  ];
  city.onFetch = () => (as === 'gone' ? [] : stored);
  city.answers = () =>
    as === 'refused'
      ? {
          ok: false,
          error: { code: 'refused', message: 'blocked: this account was removed for advertising' },
        }
      : { ok: false, error: { code: 'refused', message: 'restricted: pending: an admin will look at it' } };
  if (as === 'asked' || as === 'refused') await city.publish(makeJoinRequest(HARBOUR));
  if (as === 'admin') city.answers = () => ({ ok: true, value: { note: '' } });
  return city;
}

const requests = (): NostrEvent[] =>
  ['71', '82'].map((digits, index) =>
    fakeEvent({
      ...makeJoinRequest(HARBOUR, undefined, index === 0 ? 'I sail the Marie since 1998, berth 14.' : ''),
      pubkey: fakeKey(digits),
    }),
  );
