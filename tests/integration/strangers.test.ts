/** What strangers try with places that are not theirs: slipping in, leaving traces, finding out, undoing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Draft, Tag } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let client: Client;
beforeAll(async () => {
  city = await startTestCity();
  client = await Client.connect(city.relayUrl);
});
afterAll(async () => {
  client.close();
  await city.close();
});

let count = 0;
const found = async (admin: Person, modes: Parameters<typeof makePlace>[1] = {}): Promise<string> => {
  const id = `theirs${++count}`;
  expect(await client.publish(admin.sign(makePlace(id, modes)))).toEqual([true, '']);
  return id;
};
const visitor = async (person: Person): Promise<Client> => {
  const own = await Client.connect(city.relayUrl);
  await own.prove(person);
  return own;
};
const action = (kind: number, ...tags: readonly Tag[]): Draft => ({ kind, tags, content: '' });
const now = () => Math.floor(Date.now() / 1000);

describe('slipping into a place', () => {
  test.each([
    ['an h tag without a value before the true one', (id: string) => [['h'], ['h', id]]],
    ['an h tag without a value behind it', (id: string) => [['h', id], ['h']]],
    [
      'an empty h tag before it',
      (id: string) => [
        ['h', ''],
        ['h', id],
      ],
    ],
  ])('%s is refused', async (_, tags) => {
    const [anna, eve] = [makePerson(), makePerson()];
    const id = await found(anna, { private: true, closed: true });
    const annas = await visitor(anna);
    const live = await annas.follow({ kinds: [kinds.NOTE], '#h': [id] });
    const line = eve.sign({ kind: kinds.NOTE, tags: tags(id), content: 'spam' });
    expect(await client.publish(line)).toEqual([
      false,
      'invalid: an event belongs to one place: give one h tag',
    ]);
    await annas.settled();
    expect(live.events).toEqual([]);
    expect(await annas.find({ kinds: [kinds.NOTE], '#h': [id] })).toEqual([]);
    annas.close();
  });

  test('a deletion that deletes nothing of one’s own is talk', async () => {
    const [anna, ben, eve] = [makePerson(), makePerson(), makePerson()];
    const id = await found(anna, { private: true, closed: true });
    const elsewhere = eve.sign({ kind: kinds.NOTE, tags: [], content: 'mine, but not here' });
    await client.publish(elsewhere);
    for (const tags of [[], [['e', 'f'.repeat(64)]], [['e', elsewhere.id]]]) {
      const shout = eve.sign({ kind: kinds.DELETION, tags: [['h', id], ...tags], content: 'BUY NOW' });
      expect((await client.publish(shout))[1]).toMatch(/^restricted: only members write/);
    }
    await client.publish(anna.sign(groups.makePutUser(id, ben.pubkey)));
    const line = ben.sign(makeLine(id, 'I was here'));
    expect(await client.publish(line)).toEqual([true, '']);
    await client.publish(anna.sign(groups.makeRemoveUser(id, ben.pubkey)));
    const regret = ben.sign(action(kinds.DELETION, ['h', id], ['e', line.id]));
    expect(await client.publish(regret)).toEqual([true, '']);
  });
});

describe('an admin’s hand', () => {
  test('reaches no events of other places or of none, even before they come', async () => {
    const [anna, eve] = [makePerson(), makePerson()];
    const [hers, eves] = [await found(anna), await found(eve)];
    const [line, profile] = [
      anna.sign(makeLine(hers, 'to be said')),
      anna.sign({ kind: kinds.NOTE, tags: [], content: 'to nobody in particular' }),
    ];
    const bury = eve.sign(action(kinds.DELETE_EVENT, ['h', eves], ['e', line.id], ['e', profile.id]));
    // In one breath, so that one batch judges all three.
    client.raw(JSON.stringify(['EVENT', bury]));
    expect(await Promise.all([client.publish(line), client.publish(profile)])).toEqual([
      [true, ''],
      [true, ''],
    ]);
    expect(await client.find({ ids: [line.id, profile.id] })).toHaveLength(2);
    const own = eve.sign(makeLine(eves, 'never'));
    await client.publish(eve.sign(action(kinds.DELETE_EVENT, ['h', eves], ['e', own.id])));
    expect((await client.publish(own))[1]).toMatch(/^blocked: this event was deleted/);
  });

  test('does not expire: a place is the same after a restart', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = await found(anna);
    const soon: Tag = ['expiration', String(now() + 60)];
    const brief = (draft: Draft) => anna.sign({ ...draft, tags: [...draft.tags, soon] });
    for (const draft of [
      makePlace(`${id}b`),
      groups.makePutUser(id, ben.pubkey),
      groups.makeRemoveUser(id, ben.pubkey),
      { ...makePlace(id), kind: kinds.EDIT_METADATA },
      groups.makeDeleteGroup(id),
    ])
      expect(await client.publish(brief(draft))).toEqual([
        false,
        'invalid: what makes a place cannot expire; only an invitation can',
      ]);
    expect(await client.publish(anna.sign(groups.makeInvite(id, 'soon', now() + 60)))).toEqual([true, '']);
  });
});
