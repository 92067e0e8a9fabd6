import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityProjection } from '#features/identity/projection.ts';
import { checkGroupProfile, isGroupId } from '#protocol/groups.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import { parseGroupAddress } from '#protocol/invites.ts';
import * as kinds from '#protocol/kinds.ts';
import { parseMyGroups } from '#protocol/lists.ts';
import { REASON_CODES } from '#protocol/reasons.ts';
import { tagValue } from '#protocol/tags.ts';
import type { Geohash } from '#shared/geohash.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey, refusal } from '../../../../tests/support/fake-city.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { groupsProjection } from '../projection.ts';
import {
  approve,
  checkPlace,
  createGroup,
  decline,
  deleteGroup,
  demote,
  editGroup,
  joinGroup,
  leaveGroup,
  makeInviteLink,
  promote,
  randomLetters,
  removeMember,
} from './commands.ts';
import { explainReason } from './refusals.ts';

const me = fakeKey('a1');
const bob = fakeKey('b2');
const harbour: GroupProfile = {
  name: ' Harbour ',
  about: 'Boats',
  geohash: 'u33d' as Geohash,
  modes: { private: false, restricted: true, closed: true, hidden: false },
};
const signedIn = (): FakeCity =>
  new FakeCity({ projections: [groupsProjection, identityProjection], account: fakeAccount(me) });
const sent = (city: FakeCity, kind: number) => city.drafts.filter((draft) => draft.kind === kind);
const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

test('a place waits for the upload of its picture, when it is made and when it is changed', async () => {
  const city = signedIn();
  const hash = 'c'.repeat(64);
  const picture = `https://city.example/${hash}.webp`;
  await createGroup(city, { ...harbour, picture });
  await editGroup(city, 'harbour', { ...harbour, picture });
  await editGroup(city, 'harbour', { ...harbour, picture: 'https://elsewhere.example/boat.png' });
  expect(city.drafts.filter(({ kind }) => kind !== kinds.MY_GROUPS).map(({ tags }) => tags[3])).toEqual([
    ['picture', picture],
    ['picture', picture],
    ['picture', 'https://elsewhere.example/boat.png'],
  ]);
  const waits = city.options.filter(({ after }) => after !== undefined).map(({ after }) => after);
  expect(waits).toEqual([[hash], [hash]]);
});

test('a new place has everything in one event, a name for the tray, and a random id', async () => {
  const city = signedIn();
  const created = await createGroup(city, harbour);
  expect(created.ok && isGroupId(created.value.group)).toBe(true);
  expect(city.drafts[0]?.kind).toBe(kinds.CREATE_GROUP);
  expect(city.drafts[0]?.tags).toEqual([
    ['h', created.ok ? created.value.group : ''],
    ['name', 'Harbour'],
    ['about', 'Boats'],
    ['g', 'u33d'],
    ['restricted'],
    ['closed'],
  ]);
  expect(city.options[0]?.title).toContain('Harbour');
});

test('a new place is put on my list, and the list keeps what was on it', async () => {
  const city = signedIn();
  const before = fakeEvent({
    kind: kinds.MY_GROUPS,
    pubkey: me,
    tags: [
      ['group', 'elsewhere', 'wss://other.example'],
      ['r', 'wss://kept.example'],
    ],
    created_at: 5,
  });
  city.onFetch = () => [before];
  const created = await createGroup(city, harbour);
  await settle();
  const list = city.published.find(({ kind }) => kind === kinds.MY_GROUPS);
  expect(list && parseMyGroups(list).map(({ group }) => group)).toEqual([
    'elsewhere',
    created.ok ? created.value.group : '',
  ]);
  expect(list?.tags).toContainEqual(['r', 'wss://kept.example']);
});

test('a list that cannot be fetched is not written, and the place is made all the same', async () => {
  const city = signedIn();
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  expect((await createGroup(city, harbour)).ok).toBe(true);
  await settle();
  expect(sent(city, kinds.MY_GROUPS)).toEqual([]);
});

test('no work is spent on a name that is too short or a text that is too long', async () => {
  const city = signedIn();
  for (const [profile, code] of [
    [{ ...harbour, name: ' ab ' }, 'name'],
    [{ ...harbour, about: 'x'.repeat(501) }, 'about'],
  ] as const) {
    expect(await createGroup(city, profile)).toMatchObject({ ok: false, error: { code } });
    expect(await editGroup(city, 'harbour', profile)).toMatchObject({ ok: false, error: { code } });
  }
  expect(city.drafts).toEqual([]);
});

test('whatever somebody types, what passes here passes on the wire', () => {
  fc.assert(
    fc.property(anyText, anyText, (name, about) => {
      const profile = { ...harbour, name, about };
      const checked = checkPlace(profile);
      expect(checked.ok).toBe(checkGroupProfile(profile).ok);
      if (!checked.ok) expect(checked.error.message).toMatch(/characters/);
    }),
  );
});

test('without an account one is asked for; turning back sends nothing', async () => {
  const city = new FakeCity({ projections: [groupsProjection] });
  expect(await joinGroup(city, { id: 'harbour' })).toMatchObject({
    ok: false,
    error: { code: 'no-account' },
  });
  expect(city.drafts).toEqual([]);
  city.newcomer = fakeAccount(me);
  expect(await joinGroup(city, { id: 'harbour' })).toMatchObject({ ok: true });
  expect(city.asked).toEqual(['join', 'join']);
});

test('an invitation’s code travels with the request', async () => {
  const city = signedIn();
  await joinGroup(city, { id: 'harbour' }, { code: 'secret' });
  expect(city.drafts[0] && tagValue(city.drafts[0], 'code')).toBe('secret');
});

test('a request that waits for an admin is a success that says so, and is not on my list yet', async () => {
  const city = signedIn();
  city.answers = () => refusal('restricted: pending: an admin of this place will look at your request');
  expect(await joinGroup(city, { id: 'harbour' })).toMatchObject({ ok: true, value: { outcome: 'pending' } });
  await settle();
  expect(sent(city, kinds.MY_GROUPS)).toEqual([]);
});

test('being a member already is as good as joining', async () => {
  const city = signedIn();
  city.answers = () => refusal('duplicate: you are already a member');
  expect(await joinGroup(city, { id: 'harbour' })).toMatchObject({ ok: true, value: { outcome: 'done' } });
});

test('a city that stays silent leaves it queued', async () => {
  const city = signedIn();
  city.answers = () => 'wait';
  expect(await leaveGroup(city, 'harbour', { patience: 10 })).toMatchObject({
    ok: true,
    value: { outcome: 'queued' },
  });
});

test('a refusal comes back as a sentence that says who and why', async () => {
  const city = signedIn();
  city.answers = () => refusal('restricted: only an admin of this place may do this');
  const refused = await approve(city, 'harbour', bob);
  expect(refused).toMatchObject({ ok: false, error: { code: 'restricted' } });
  expect(!refused.ok && refused.error.message).toMatch(/city.*only an admin of this place/i);
});

test('every code has its sentence, without the wire’s words', () => {
  const sentences = REASON_CODES.map((code) => explainReason(`${code}: some words`));
  for (const sentence of sentences) expect(sentence).not.toMatch(/^[a-z-]+:|undefined/);
  expect(explainReason('')).toMatch(/\.$/);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(explainReason(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000]/u);
    }),
  );
});

test('each failure before signing has its sentence', async () => {
  const codes = [
    'locked',
    'refused',
    'unreachable',
    'changed',
    'cancelled',
    'impossible',
    'worker',
    'storage',
  ] as const;
  for (const code of codes) {
    const city = signedIn();
    city.publishFailure = { code, message: 'Their own words.' };
    const failed = await deleteGroup(city, 'harbour');
    expect(failed).toMatchObject({ ok: false, error: { code } });
    const message = failed.ok ? '' : failed.error.message;
    // Which field was changed, how many years it would take: that is said.
    if (code === 'changed' || code === 'impossible') expect(message).toMatch(/^[A-Z].*\. Their own words\.$/);
    else expect(message).not.toContain('Their own words');
  }
});

test('an admin’s hand: in, out, up, down, no', async () => {
  const city = signedIn();
  await approve(city, 'harbour', bob);
  await removeMember(city, 'harbour', bob, ' spam ');
  await promote(city, 'harbour', { pubkey: bob, roles: ['gardener'] });
  await demote(city, 'harbour', { pubkey: bob, roles: ['gardener', 'admin'] });
  await decline(city, 'harbour', fakeKey('e5'), 'full');
  expect(city.drafts.map(({ kind, tags, content }) => [kind, tags[1], content])).toEqual([
    [kinds.PUT_USER, ['p', bob], ''],
    [kinds.REMOVE_USER, ['p', bob], 'spam'],
    [kinds.PUT_USER, ['p', bob, 'gardener', 'admin'], ''],
    [kinds.PUT_USER, ['p', bob, 'gardener'], ''],
    [kinds.DELETE_EVENT, ['e', fakeKey('e5')], 'full'],
  ]);
});

test('an invitation link leads back to the place, the city and the code', async () => {
  const city = signedIn();
  const made = await makeInviteLink(city, 'harbour', 'https://city.example');
  const link = made.ok ? made.value.link : '';
  expect(link.startsWith('https://city.example/naddr1')).toBe(true);
  const address = parseGroupAddress(link.slice('https://city.example/'.length));
  expect(address).toMatchObject({
    ok: true,
    value: { group: 'harbour', relayKey: city.relayKey, relays: [city.relay] },
  });
  expect(address.ok && address.value.invite).toBe(city.drafts[0] && tagValue(city.drafts[0], 'code'));
});

test('random letters are as long as asked, fit for ids, and differ', () => {
  const many = Array.from({ length: 200 }, () => randomLetters(14));
  expect(new Set(many).size).toBe(200);
  for (const one of many) expect(one).toMatch(/^[a-z2-9]{14}$/);
});
