/** The rest of NIP-29 on the real server: moderators, invitations for so many, parts of places, kinds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Draft, NostrEvent, Tag } from '#protocol/event.ts';
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
const found = async (
  admin: Person,
  modes: Parameters<typeof makePlace>[1] = {},
  ...tags: readonly Tag[]
): Promise<string> => {
  const id = `full${++count}`;
  const draft = makePlace(id, modes);
  const event = admin.sign({ ...draft, tags: [...draft.tags, ...tags] });
  expect(await client.publish(event)).toEqual([true, '']);
  return id;
};
const visitor = async (person: Person): Promise<Client> => {
  const own = await Client.connect(city.relayUrl);
  await own.prove(person);
  return own;
};
const edit = (id: string, ...tags: readonly Tag[]): Draft => ({
  kind: kinds.EDIT_METADATA,
  tags: [['h', id], ['name', `Place ${id}`], ...tags],
  content: '',
});
const stateOf = async (id: string, kind: number): Promise<NostrEvent | undefined> =>
  (await client.find({ kinds: [kind], '#d': [id] }))[0];
const familyOf = async (id: string): Promise<string[][]> =>
  ((await stateOf(id, kinds.GROUP_METADATA))?.tags ?? [])
    .filter(([name]) => name === 'parent' || name === 'child')
    .map((tag) => [...tag]);

test('a moderator sees requests and answers them, and never a code', async () => {
  const [anna, ben, carl, dora] = [makePerson(), makePerson(), makePerson(), makePerson()];
  const id = await found(anna, { closed: true });
  await client.publish(anna.sign(groups.makePutUser(id, ben.pubkey, ['moderator'])));
  await client.publish(anna.sign(groups.makeInvite(id, 'sesame')));
  const request = carl.sign(groups.makeJoinRequest(id, undefined, 'please'));
  expect((await client.publish(request))[1]).toMatch(/^restricted: pending/);
  const bens = await visitor(ben);
  const live = await bens.follow({ '#h': [id] });
  expect(await client.publish(dora.sign(groups.makeJoinRequest(id, 'sesame')))).toEqual([true, '']);
  expect(await bens.find({ kinds: [kinds.JOIN_REQUEST], '#h': [id] })).toEqual([request]);
  expect(await bens.count({ kinds: [kinds.JOIN_REQUEST, kinds.CREATE_INVITE], '#h': [id] })).toBe(1);
  expect(await client.publish(ben.sign(groups.makePutUser(id, carl.pubkey)))).toEqual([true, '']);
  await bens.settled();
  expect(JSON.stringify(live.events)).not.toContain('sesame');
  const annas = await visitor(anna);
  expect(await annas.count({ kinds: [kinds.JOIN_REQUEST, kinds.CREATE_INVITE], '#h': [id] })).toBe(3);
  expect((await stateOf(id, kinds.GROUP_ADMINS))?.tags).toEqual([
    ['d', id],
    ['p', anna.pubkey, 'admin'],
    ['p', ben.pubkey, 'moderator'],
  ]);
  for (const each of [annas, bens]) each.close();
});

test('of twenty who come at once with a code for three, three come in', async () => {
  const anna = makePerson();
  const id = await found(anna, { closed: true });
  await client.publish(anna.sign(groups.makeInvite(id, 'three', { uses: 3 })));
  const crowd = Array.from({ length: 20 }, makePerson);
  const answers = await Promise.all(
    crowd.map((each) => client.publish(each.sign(groups.makeJoinRequest(id, 'three')))),
  );
  expect(answers.filter(([accepted]) => accepted)).toHaveLength(3);
  const members = await stateOf(id, kinds.GROUP_MEMBERS);
  expect(members?.tags.filter(([name]) => name === 'p')).toHaveLength(4);
});

describe('parts of a place', () => {
  test('parent and part are both said anew, live, by whatever changes them', async () => {
    const anna = makePerson();
    const [tech, social] = [await found(anna), await found(anna)];
    const live = await client.follow({ kinds: [kinds.GROUP_METADATA], '#d': [tech, social], limit: 0 });
    const nostr = await found(anna, {}, ['parent', tech]);
    expect(await familyOf(tech)).toEqual([['child', nostr]]);
    expect(await familyOf(nostr)).toEqual([['parent', tech]]);
    await client.publish(anna.sign(edit(nostr, ['parent', social])));
    expect([await familyOf(tech), await familyOf(social)]).toEqual([[], [['child', nostr]]]);
    await client.settled();
    expect(live.events.map((event) => event.tags[0]?.[1])).toEqual([tech, tech, social]);
    await client.publish(anna.sign(groups.makeDeleteGroup(social)));
    expect(await familyOf(nostr)).toEqual([]);
  });

  test('those outside never read a hidden place’s id in another’s description', async () => {
    const anna = makePerson();
    const parent = await found(anna);
    const part = await found(anna, {}, ['parent', parent]);
    const stranger = await Client.connect(city.relayUrl);
    const live = await stranger.follow({ kinds: [kinds.GROUP_METADATA], limit: 0 });
    await client.publish(anna.sign(edit(part, ['hidden'])));
    await client.publish(anna.sign({ ...edit(parent, ['about', 'news']) }));
    await stranger.settled();
    expect(live.events).toHaveLength(2);
    expect(JSON.stringify(live.events)).not.toContain(part);
    expect(JSON.stringify(await stranger.find({ kinds: [kinds.GROUP_METADATA] }))).not.toContain(`"${part}"`);
    stranger.close();
  });

  test('the city says that it knows them', async () => {
    const answer = await fetch(city.url, { headers: { accept: 'application/nostr+json' } });
    expect(await answer.json()).toMatchObject({ nip29: { subgroups: true } });
  });
});

test('a place takes the kinds that it names; who wrote something may always take it back', async () => {
  const anna = makePerson();
  const id = await found(anna, {}, ['supported_kinds', '9', '30023']);
  const line = anna.sign({ ...makeLine(id, 'hello'), kind: kinds.CHAT_LINE });
  expect(await client.publish(line)).toEqual([true, '']);
  expect((await client.publish(anna.sign(makeLine(id, 'note'))))[1]).toMatch(/^restricted: .*kind 1$/);
  const article = {
    kind: 30023,
    tags: [
      ['h', id],
      ['d', 'x'],
    ],
    content: '',
  };
  expect(await client.publish(anna.sign(article))).toEqual([true, '']);
  const regret = {
    kind: kinds.DELETION,
    tags: [
      ['h', id],
      ['e', line.id],
    ],
    content: '',
  };
  expect(await client.publish(anna.sign(regret))).toEqual([true, '']);
  expect((await stateOf(id, kinds.GROUP_METADATA))?.tags).toContainEqual(['supported_kinds', '9', '30023']);
});
