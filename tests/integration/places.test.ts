/** NIP-29 as people live it: a place is founded, people come and go, admins have their say. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  const id = `place${++count}`;
  expect(await client.publish(admin.sign(makePlace(id, modes)))).toEqual([true, '']);
  return id;
};
const visitor = async (person: Person): Promise<Client> => {
  const own = await Client.connect(city.relayUrl);
  await own.prove(person);
  return own;
};
const membersOf = async (id: string, reader = client): Promise<string[]> => {
  const [event] = await reader.find({ kinds: [kinds.GROUP_MEMBERS], '#d': [id] });
  return event ? groups.parseGroupPeople(event).map(({ pubkey }) => pubkey) : [];
};
const now = () => Math.floor(Date.now() / 1000);

test('a founded place is on the map at once, under every prefix of its cell', async () => {
  const anna = makePerson();
  const id = await found(anna);
  for (const cell of ['u', 'u33', 'u33db']) {
    const states = await client.find({ kinds: [kinds.GROUP_METADATA], '#g': [cell], '#d': [id] });
    expect(states.map((event) => event.pubkey)).toEqual([city.pubkey]);
  }
  const [event] = await client.find(groups.groupStateFilter(id, city.pubkey), {
    kinds: [kinds.GROUP_METADATA],
    '#d': [id],
  });
  expect(event).toBeDefined();
  const metadata = groups.parseGroupMetadata(
    (await client.find({ kinds: [kinds.GROUP_METADATA], '#d': [id] }))[0]!,
  );
  expect(metadata).toMatchObject({ ok: true, value: { id, name: `Place ${id}`, geohash: 'u33db' } });
  expect(await membersOf(id)).toEqual([anna.pubkey]);
});

test('a place without work, with a bad cell, or with a taken id is refused', async () => {
  const anna = makePerson();
  const id = await found(anna);
  const lazy = { ...makePlace('lazy'), tags: [...makePlace('lazy').tags, ['nonce', '0', '1']] };
  expect((await client.publish(anna.sign(lazy)))[1]).toMatch(/^pow: 9007 needs 4 bits, has [01]$/);
  const draft = makePlace('nocell');
  const bad = { ...draft, tags: draft.tags.map((tag) => (tag[0] === 'g' ? ['g', 'aeiou'] : tag)) };
  expect((await client.publish(anna.sign(bad)))[1]).toMatch(/^invalid: a geohash has/);
  expect((await client.publish(makePerson().sign(makePlace(id))))[1]).toMatch(/^blocked: .*already there/);
});

test('joining, talking, leaving', async () => {
  const [anna, ben] = [makePerson(), makePerson()];
  const id = await found(anna, { restricted: true });
  expect((await client.publish(ben.sign(makeLine(id, 'hello?'))))[1]).toMatch(/^restricted: only members/);
  expect(await client.publish(ben.sign(groups.makeJoinRequest(id)))).toEqual([true, '']);
  expect(await membersOf(id)).toEqual([anna.pubkey, ben.pubkey]);
  const again = ben.sign(groups.makeJoinRequest(id, undefined, 'again'));
  expect(await client.publish(again)).toEqual([false, 'duplicate: you are already a member']);
  const line = ben.sign(makeLine(id, 'hello!'));
  expect(await client.publish(line)).toEqual([true, '']);
  expect(await client.find(groups.groupTalkFilter(id))).toEqual([line]);
  expect(await client.publish(ben.sign(groups.makeLeaveRequest(id)))).toEqual([true, '']);
  expect(await membersOf(id)).toEqual([anna.pubkey]);
  expect((await client.publish(anna.sign(groups.makeLeaveRequest(id))))[1]).toMatch(
    /^restricted: a place needs an admin/,
  );
});

test('the state’s times grow strictly, even within one second', async () => {
  const anna = makePerson();
  const id = await found(anna);
  const live = await client.follow({ kinds: [kinds.GROUP_MEMBERS], '#d': [id] });
  for (let i = 0; i < 4; i++) await client.publish(makePerson().sign(groups.makeJoinRequest(id)));
  await client.settled();
  const times = live.events.map((event) => event.created_at);
  expect(times).toHaveLength(5);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

test('in an open place anybody may write without joining', async () => {
  const id = await found(makePerson());
  expect(await client.publish(makePerson().sign(makeLine(id, 'passing by')))).toEqual([true, '']);
});

describe('a closed place', () => {
  test('keeps requests for its admins; an approved person is in', async () => {
    const [anna, ben, eve] = [makePerson(), makePerson(), makePerson()];
    const id = await found(anna, { closed: true });
    const [annas, eves] = [await visitor(anna), await visitor(eve)];
    const request = ben.sign(groups.makeJoinRequest(id, undefined, 'please'));
    const [accepted, words] = await client.publish(request);
    expect(accepted).toBe(false);
    expect(words).toMatch(/^restricted: pending:/);
    expect((await client.publish(request))[1]).toMatch(/^restricted: pending:/);
    expect(await annas.find({ kinds: [kinds.JOIN_REQUEST], '#h': [id] })).toEqual([request]);
    expect(await eves.find({ kinds: [kinds.JOIN_REQUEST], '#h': [id] })).toEqual([]);
    expect(await client.publish(anna.sign(groups.makePutUser(id, ben.pubkey)))).toEqual([true, '']);
    expect(await membersOf(id)).toEqual([anna.pubkey, ben.pubkey]);
    annas.close();
    eves.close();
  });

  test('a second request replaces the first', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = await found(anna, { closed: true });
    await client.publish(ben.sign(groups.makeJoinRequest(id, undefined, 'one')));
    const second = ben.sign(groups.makeJoinRequest(id, undefined, 'two'));
    await client.publish(second);
    const annas = await visitor(anna);
    expect(await annas.find({ kinds: [kinds.JOIN_REQUEST], '#h': [id] })).toEqual([second]);
    annas.close();
  });

  test('an invitation’s code opens it and is seen by admins only', async () => {
    const [anna, ben, carl] = [makePerson(), makePerson(), makePerson()];
    const id = await found(anna, { closed: true });
    const [annas, carls] = [await visitor(anna), await visitor(carl)];
    const seen = await carls.follow({ '#h': [id] });
    const invite = anna.sign(groups.makeInvite(id, 'sesame'));
    expect(await client.publish(invite)).toEqual([true, '']);
    expect((await client.publish(carl.sign(groups.makeJoinRequest(id, 'wrong'))))[1]).toMatch(
      /^restricted: this invitation/,
    );
    expect(await client.publish(ben.sign(groups.makeJoinRequest(id, 'sesame')))).toEqual([true, '']);
    expect(await membersOf(id)).toContain(ben.pubkey);
    await carls.settled();
    expect(JSON.stringify([...seen.events, ...(await carls.find({ '#h': [id] }))])).not.toContain('sesame');
    expect(await annas.find({ kinds: [kinds.CREATE_INVITE], '#h': [id] })).toEqual([invite]);
    annas.close();
    carls.close();
  });

  test('an expired code opens nothing', async () => {
    const anna = makePerson();
    const id = await found(anna, { closed: true });
    const old = anna.sign({
      ...groups.makeInvite(id, 'late', { expiration: now() - 10 }),
      created_at: now() - 20,
    });
    expect((await client.publish(old))[1]).toMatch(/expired/);
    expect((await client.publish(makePerson().sign(groups.makeJoinRequest(id, 'late'))))[1]).toMatch(
      /^restricted: this invitation/,
    );
  });
});

describe('a private place', () => {
  test('shows its talk to members alone, stored, counted, by id and live; the removed are shut out', async () => {
    const [anna, ben, eve] = [makePerson(), makePerson(), makePerson()];
    const id = await found(anna, { private: true, closed: true });
    await client.publish(anna.sign(groups.makePutUser(id, ben.pubkey)));
    const [bens, eves, stranger] = [
      await visitor(ben),
      await visitor(eve),
      await Client.connect(city.relayUrl),
    ];
    const line = anna.sign(makeLine(id, 'between us'));
    const live = await bens.follow(groups.groupTalkFilter(id));
    const sideways = await eves.follow({ authors: [anna.pubkey] });
    expect(await client.publish(line)).toEqual([true, '']);
    await bens.settled();
    await eves.settled();
    expect(live.events).toEqual([line]);
    expect(sideways.events.filter((event) => event.tags.some(([name]) => name === 'h'))).toEqual([]);
    await expect(stranger.find(groups.groupTalkFilter(id))).rejects.toThrow(/^auth-required:/);
    await expect(eves.count({ '#h': [id] })).rejects.toThrow(/^restricted:/);
    expect(await eves.find({ ids: [line.id] })).toEqual([]);
    expect(await eves.count({ ids: [line.id] })).toBe(0);
    expect(await bens.count({ ids: [line.id] })).toBe(1);
    expect(await stranger.find({ kinds: [kinds.GROUP_METADATA], '#d': [id] })).toHaveLength(1);
    expect(await membersOf(id, stranger)).toEqual([]);
    expect((await client.publish(eve.sign(makeLine(id, 'let me in'))))[1]).toMatch(/^restricted:/);

    const closed = bens.later(([type, about]) => type === 'CLOSED' && about === live.id);
    await client.publish(anna.sign(groups.makeRemoveUser(id, ben.pubkey)));
    expect((await closed)[2]).toMatch(/^restricted:/);
    await client.publish(anna.sign(makeLine(id, 'without ben')));
    await bens.settled();
    expect(live.events).toEqual([line]);
    for (const each of [bens, eves, stranger]) each.close();
  });

  test('a place that turns private ends the subscriptions of those outside', async () => {
    const anna = makePerson();
    const id = await found(anna);
    const stranger = await Client.connect(city.relayUrl);
    const live = await stranger.follow({ '#h': [id] });
    const closed = stranger.later(([type, about]) => type === 'CLOSED' && about === live.id);
    const edit = makePlace(id, { private: true });
    await client.publish(anna.sign({ ...edit, kind: kinds.EDIT_METADATA }));
    expect((await closed)[2]).toMatch(/^auth-required:/);
    stranger.close();
  });
});

test('a hidden place looks like none to those outside', async () => {
  const [anna, eve] = [makePerson(), makePerson()];
  const id = await found(anna, { hidden: true, private: true, closed: true });
  const [annas, eves] = [await visitor(anna), await visitor(eve)];
  await client.publish(anna.sign(makeLine(id, 'shh')));
  const nowhere = eve.sign(makeLine('nowhere', 'x'));
  const [, words] = await client.publish(nowhere);
  expect(await client.publish(eve.sign(makeLine(id, 'x')))).toEqual([false, words]);
  expect(await eves.find({ '#h': [id] }, { '#d': [id] })).toEqual([]);
  expect(await eves.count({ kinds: [kinds.GROUP_METADATA], '#d': [id] })).toBe(0);
  expect(await annas.find({ kinds: [kinds.GROUP_METADATA], '#d': [id] })).toHaveLength(1);
  expect(await annas.find({ kinds: [kinds.NOTE], '#h': [id] })).toHaveLength(1);
  annas.close();
  eves.close();
});

describe('an admin', () => {
  test('takes a line away for everybody, for good', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = await found(anna);
    const line = ben.sign(makeLine(id, 'rude'));
    await client.publish(line);
    const byBen = ben.sign(groups.makeDeleteEvent(id, line.id));
    expect((await client.publish(byBen))[1]).toMatch(/^restricted: only an admin/);
    expect(await client.publish(anna.sign(groups.makeDeleteEvent(id, line.id)))).toEqual([true, '']);
    expect(await client.find({ ids: [line.id] })).toEqual([]);
    expect((await client.publish(line))[1]).toMatch(/^blocked:/);
  });

  test('promotes, is demoted, edits', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const id = await found(anna);
    await client.publish(ben.sign(groups.makeJoinRequest(id)));
    const rank = (kind: number, who: Person) => ({
      kind,
      tags: [
        ['h', id],
        ['p', who.pubkey],
      ],
      content: '',
    });
    expect(await client.publish(anna.sign(rank(kinds.PROMOTE_ADMIN, ben)))).toEqual([true, '']);
    expect(await client.publish(ben.sign(rank(kinds.DEMOTE_ADMIN, anna)))).toEqual([true, '']);
    const edit = { ...makePlace(id), kind: kinds.EDIT_METADATA };
    expect((await client.publish(anna.sign(edit)))[1]).toMatch(/^restricted:/);
    expect(await client.publish(ben.sign(edit))).toEqual([true, '']);
  });

  test('pins lines', async () => {
    const anna = makePerson();
    const id = await found(anna);
    const line = anna.sign(makeLine(id, 'read me'));
    await client.publish(line);
    await client.publish(
      anna.sign({
        kind: kinds.UPDATE_PINS,
        tags: [
          ['h', id],
          ['e', line.id],
        ],
        content: '',
      }),
    );
    const [pins] = await client.find({ kinds: [kinds.GROUP_PINS], '#d': [id] });
    expect(pins?.tags).toContainEqual(['e', line.id]);
  });

  test('deletes the place: nothing is left but its end, and the id is spent', async () => {
    const anna = makePerson();
    const id = await found(anna);
    await client.publish(anna.sign(makeLine(id, 'last words')));
    const live = await client.follow({ '#h': [id] });
    const end = anna.sign(groups.makeDeleteGroup(id));
    expect(await client.publish(end)).toEqual([true, '']);
    await client.settled();
    expect(live.events.at(-1)).toEqual(end);
    expect(await client.find({ '#h': [id] }, { '#d': [id] })).toEqual([end]);
    expect((await client.publish(anna.sign(makeLine(id, 'echo'))))[1]).toMatch(
      /^blocked: this place was deleted/,
    );
    expect((await client.publish(anna.sign({ ...makePlace(id), content: 'anew' })))[1]).toMatch(/^blocked:/);
  });
});

test('lines arrive up to 7 days late, not later; previous tags must name this place’s events', async () => {
  const anna = makePerson();
  const id = await found(anna);
  const late = (days: number) => anna.sign({ ...makeLine(id, `${days}`), created_at: now() - days * 86_400 });
  expect((await client.publish(late(6)))[0]).toBe(true);
  expect((await client.publish(late(8)))[1]).toMatch(/604800 seconds/);
  const line = anna.sign(makeLine(id, 'first'));
  await client.publish(line);
  expect(
    (await client.publish(anna.sign(makeLine(id, 'next', [['previous', line.id.slice(0, 8)]]))))[0],
  ).toBe(true);
  const odd = anna.sign(makeLine(id, 'odd', [['previous', 'ffffffff']]));
  expect((await client.publish(odd))[1]).toMatch(/^invalid: previous tag ffffffff/);
  expect((await client.publish(anna.sign(makeLine(id, 'x', [['previous', '%']]))))[1]).toMatch(
    /^invalid: previous/,
  );
});

test('a place takes its kinds and no others; typing passes through', async () => {
  const anna = makePerson();
  const id = await found(anna);
  const article = anna.sign({
    kind: 30023,
    tags: [
      ['h', id],
      ['d', 'x'],
    ],
    content: '',
  });
  expect((await client.publish(article))[1]).toMatch(/^restricted: .*kind 30023/);
  expect(await client.publish(anna.sign({ kind: 20015, tags: [['h', id]], content: '' }))).toEqual([
    true,
    '',
  ]);
});

test('nobody takes an admin’s action back with a deletion', async () => {
  const anna = makePerson();
  const id = await found(anna);
  const put = anna.sign(groups.makePutUser(id, makePerson().pubkey));
  await client.publish(put);
  const gone = anna.sign({
    kind: kinds.DELETION,
    tags: [
      ['h', id],
      ['e', put.id],
    ],
    content: '',
  });
  expect((await client.publish(gone))[1]).toMatch(/^restricted: events of kind 9000/);
});
