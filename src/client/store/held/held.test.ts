import { expect, test } from 'vitest';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { inboxOf } from '#protocol/direct/inboxes.ts';
import { openSealedHome } from '../../../../tests/support/sealed-home.ts';
import type { LocalEvent } from '../local-events.ts';
import { heldOf } from './held.ts';

const event = (at: number, kind = 1, place: string | undefined = 'plaza') =>
  fakeEvent({ kind, content: `at ${at}`, created_at: at, tags: place === undefined ? [] : [['h', place]] });
const seen = (one: ReturnType<typeof event>): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: one,
  relay: 'wss://a.test',
});

test('what a relay delivered of a place is held: by kind, from a time on, in this life and the next', async () => {
  const home = await openSealedHome();
  const [old, line, reaction, elsewhere, own] = [
    event(10),
    event(20),
    event(30, 7),
    event(40, 1, 'pier'),
    event(50),
  ];
  await home.store.append([old, line, reaction, elsewhere, event(60, 1, '')].map(seen));
  await home.store.append([{ type: 'EventSigned', v: 1, event: own, relays: [] }]);
  const ids = async (since: number, kinds = [1, 7]) =>
    (await heldOf(home.store, 'plaza', { kinds, since })).map(({ id, at }) => `${at} ${id}`).sort();
  expect(await ids(0)).toEqual([`10 ${old.id}`, `20 ${line.id}`, `30 ${reaction.id}`]);
  // What was signed here counts once a relay has shown that it has it.
  await home.store.append([seen(own)]);
  expect(await ids(20, [1])).toEqual([`20 ${line.id}`, `50 ${own.id}`]);
  expect(await ids(51)).toEqual([]);
  await home.store.checkpoint();
  home.store.close();
  const again = await openSealedHome([], home);
  expect(await heldOf(again.store, 'plaza', { kinds: [7], since: 0 })).toMatchObject([{ id: reaction.id }]);
  again.store.close();
});

test('letters are held by whom they are for; what names nobody is not', async () => {
  const home = await openSealedHome();
  const [ada, ben] = [fakeKey('a1'), fakeKey('b2')];
  const letter = (at: number, tags: string[][]) =>
    fakeEvent({ kind: 1059, content: `${at}`, created_at: at, tags });
  const [hers, his] = [letter(10, [['p', ada]]), letter(20, [['p', ben]])];
  await home.store.append([hers, his, letter(30, []), letter(40, [['p', 'nobody']])].map(seen));
  const ids = async (person: string) =>
    (await heldOf(home.store, inboxOf(person), { kinds: [1059], since: 0 })).map(({ id }) => id);
  expect([await ids(ada), await ids(ben)]).toEqual([[hers.id], [his.id]]);
  home.store.close();
});
