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
    expect(
      await client.publish(anna.sign(groups.makeInvite(id, 'soon', { expiration: now() + 60 }))),
    ).toEqual([true, '']);
  });
});

describe('a hidden place', () => {
  test('answers those outside as one that isn’t there, whatever they try', async () => {
    const [anna, eve] = [makePerson(), makePerson()];
    const id = await found(anna, { hidden: true, private: true, closed: true });
    const line = anna.sign(makeLine(id, 'shh'));
    await client.publish(line);
    const attempts = (place: string): Draft[] => [
      groups.makeJoinRequest(place),
      groups.makeJoinRequest(place, 'guess'),
      groups.makeLeaveRequest(place),
      groups.makePutUser(place, eve.pubkey, ['admin']),
      groups.makeDeleteEvent(place, line.id),
      action(kinds.PROMOTE_ADMIN, ['h', place], ['p', eve.pubkey]),
      makeLine(place, 'x', [['previous', line.id.slice(0, 8)]]),
      {
        ...groups.makeJoinRequest(place),
        tags: [
          ['h', place],
          ['previous', line.id.slice(0, 8)],
        ],
      },
      action(20015, ['h', place]),
    ];
    const answers = async (place: string) => {
      const said: unknown[] = [];
      for (const draft of attempts(place)) said.push(await client.publish(eve.sign(draft)));
      return said;
    };
    expect(await answers(id)).toEqual(await answers('nowhere'));
  });

  test('lets in who knows a code', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = await found(anna, { hidden: true, private: true, closed: true });
    await client.publish(anna.sign(groups.makeInvite(id, 'sesame')));
    expect(await client.publish(ben.sign(groups.makeJoinRequest(id, 'sesame')))).toEqual([true, '']);
    const bens = await visitor(ben);
    expect(await bens.find({ kinds: [kinds.GROUP_METADATA], '#d': [id] })).toHaveLength(1);
    bens.close();
  });
});

test('previous tags tell nobody outside what a private place holds', async () => {
  const [anna, eve] = [makePerson(), makePerson()];
  const id = await found(anna, { private: true, closed: true });
  const line = anna.sign(makeLine(id, 'shh'));
  await client.publish(line);
  const probe = async (prefix: string) => client.publish(eve.sign(makeLine(id, 'x', [['previous', prefix]])));
  expect(await probe(line.id.slice(0, 8))).toEqual(await probe('ffffffff'));
});

/** Everything a curious stranger may ask about an event, in every way there is. */
const askAll = async (
  who: Client,
  event: { id: string; pubkey: string; kind: number },
  tags: Record<`#${string}`, string[]> = {},
) => {
  const questions = [
    { ids: [event.id] },
    { authors: [event.pubkey] },
    { kinds: [event.kind] },
    { kinds: [event.kind], authors: [event.pubkey] },
    { since: now() - 1000, until: now() + 1000 },
    {},
    ...Object.entries(tags).flatMap(([key, values]) => [{ [key]: values }, { [key]: [...values, 'x'] }]),
  ];
  const seen: string[] = [];
  for (const question of questions) {
    const found = await who.find(question).catch(() => []);
    if (found.some(({ id }) => id === event.id)) seen.push(JSON.stringify(question));
  }
  if ((await who.count({ ids: [event.id] }).catch(() => 0)) > 0) seen.push('COUNT');
  return seen;
};

test('no question brings up what is not for the asker: lines, codes, requests, letters, people', async () => {
  const [anna, ben, eve] = [makePerson(), makePerson(), makePerson()];
  const id = await found(anna, { private: true, closed: true });
  const open = await found(anna, { closed: true });
  const line = anna.sign(
    makeLine(id, 'shh', [
      ['e', 'a'.repeat(64)],
      ['g', 'u33'],
      ['p', eve.pubkey],
    ]),
  );
  const code = anna.sign(groups.makeInvite(open, 'sesame'));
  const request = ben.sign(groups.makeJoinRequest(open, undefined, 'please'));
  const letter = anna.sign(action(kinds.GIFT_WRAP, ['p', ben.pubkey]));
  const old = anna.sign(action(kinds.LEGACY_DIRECT_MESSAGE, ['p', ben.pubkey]));
  const eves = await visitor(eve);
  const stranger = await Client.connect(city.relayUrl);
  const lives = await Promise.all(
    [eves, stranger].flatMap((who) => [
      who.follow({}),
      who.follow({ authors: [anna.pubkey, ben.pubkey], limit: 0 }),
      who.follow({ kinds: [1, 4, 1059, 9009, 9021, 39002], limit: 0 }),
      who.follow({ '#p': [ben.pubkey, eve.pubkey], limit: 0 }),
    ]),
  );
  for (const event of [line, code, request, letter, old]) await client.publish(event);
  for (const who of [eves, stranger]) {
    await who.settled();
    expect(
      await askAll(who, line, { '#h': [id], '#e': ['a'.repeat(64)], '#g': ['u33'], '#p': [eve.pubkey] }),
    ).toEqual([]);
    expect(await askAll(who, code, { '#h': [open] })).toEqual([]);
    expect(await askAll(who, request, { '#h': [open] })).toEqual([]);
    expect(await askAll(who, letter, { '#p': [ben.pubkey] })).toEqual([]);
    expect(await askAll(who, old, { '#p': [ben.pubkey] })).toEqual([]);
    expect(await who.find({ kinds: [kinds.GROUP_MEMBERS], '#d': [id] })).toEqual([]);
  }
  const heard = JSON.stringify(lives.map(({ events }) => events));
  for (const event of [line, code, request, letter, old]) expect(heard).not.toContain(event.id);
  eves.close();
  stranger.close();
});

test('one removed hears nothing more through any open question', async () => {
  const [anna, ben] = [makePerson(), makePerson()];
  const id = await found(anna, { private: true, closed: true });
  await client.publish(anna.sign(groups.makePutUser(id, ben.pubkey)));
  const bens = await visitor(ben);
  const lives = [
    await bens.follow({ authors: [anna.pubkey], limit: 0 }),
    await bens.follow({ kinds: [1, 39002], limit: 0 }),
    await bens.follow({ '#d': [id], limit: 0 }),
    await bens.follow({}, { '#t': [id] }),
  ];
  await client.publish(anna.sign(groups.makeRemoveUser(id, ben.pubkey)));
  const line = anna.sign(makeLine(id, 'without ben'));
  await client.publish(line);
  await bens.settled();
  expect(JSON.stringify(lives.map(({ events }) => events))).not.toContain(line.id);
  expect(await askAll(bens, line, { '#h': [id] })).toEqual([]);
  bens.close();
});

describe('taking what is not one’s own', () => {
  test('power: every way is refused', async () => {
    const [anna, ben, eve] = [makePerson(), makePerson(), makePerson()];
    const id = await found(anna);
    await client.publish(ben.sign(groups.makeJoinRequest(id)));
    for (const thief of [ben, eve])
      for (const draft of [
        groups.makePutUser(id, thief.pubkey, ['admin']),
        action(kinds.PROMOTE_ADMIN, ['h', id], ['p', thief.pubkey]),
        action(kinds.DEMOTE_ADMIN, ['h', id], ['p', anna.pubkey]),
        groups.makeRemoveUser(id, anna.pubkey),
        action(kinds.JOIN_REQUEST, ['h', id], ['p', eve === thief ? ben.pubkey : eve.pubkey]),
        action(kinds.LEAVE_REQUEST, ['h', id], ['p', anna.pubkey]),
        { ...makePlace(id), kind: kinds.EDIT_METADATA },
        groups.makeInvite(id, 'mine'),
        groups.makeDeleteGroup(id),
        action(9011, ['h', id]),
        action(9020, ['h', id]),
      ])
        expect((await client.publish(thief.sign(draft)))[1]).toMatch(/^restricted: only an admin/);
    const both = ben.sign(action(kinds.LEAVE_REQUEST, ['h', id], ['p', ben.pubkey], ['p', anna.pubkey]));
    await client.publish(both);
    const [members] = await client.find({ kinds: [kinds.GROUP_MEMBERS], '#d': [id] });
    expect(members?.tags).toContainEqual(['p', anna.pubkey]);
  });

  test('an admin who was removed or demoted is none, and old words do not come back', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = await found(anna);
    const rise = anna.sign(groups.makePutUser(id, ben.pubkey, ['admin']));
    expect(await client.publish(rise)).toEqual([true, '']);
    await client.publish(anna.sign(groups.makeRemoveUser(id, ben.pubkey)));
    expect((await client.publish(rise))[1]).toMatch(/^duplicate:/);
    for (const created_at of [now() - 3600, now() + 600])
      expect(
        (await client.publish(ben.sign({ ...groups.makePutUser(id, ben.pubkey, ['admin']), created_at })))[1],
      ).toMatch(/^restricted: only an admin/);
  });

  test('an id that was used: by others, in other letters, after its end', async () => {
    const [anna, eve] = [makePerson(), makePerson()];
    const id = await found(anna);
    await client.publish(anna.sign(makeLine(id, 'mine')));
    expect((await client.publish(eve.sign(makePlace(id))))[1]).toMatch(/^blocked:/);
    await client.publish(anna.sign(groups.makeDeleteGroup(id)));
    for (const who of [anna, eve])
      expect((await client.publish(who.sign({ ...makePlace(id), content: 'anew' })))[1]).toMatch(/^blocked:/);
    expect((await client.publish(eve.sign(makePlace(`${id} `))))[1]).toMatch(/^invalid: a place id/);
    expect((await client.publish(eve.sign(makePlace('ümläut'))))[1]).toMatch(/^invalid: a place id/);
    expect(await client.publish(eve.sign(makePlace('__proto__')))).toEqual([true, '']);
    expect((await client.publish(eve.sign(makeLine('constructor', 'x'))))[1]).toMatch(
      /^restricted: there is no/,
    );
  });
});
