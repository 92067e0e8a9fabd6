import { expect, test } from 'vitest';
import type { ConversationRow } from '#features/chat/index.ts';
import type { Place } from '#features/groups/index.ts';
import type { PersonRow } from '#features/people/index.ts';
import { named, otherPlaces, peopleTargets, talkTargets } from './share-targets.ts';

const [me, ada, ben] = ['0', 'a', 'b'].map((digit) => digit.repeat(64)) as [string, string, string];
const row = (id: string, lastAt: number) => ({ id, lastAt }) as ConversationRow;
const activity = (...rows: ConversationRow[]) => Object.fromEntries(rows.map((each) => [each.id, each]));
const nameOf = (pubkey: string) => ({ [ada]: 'Ada', [ben]: 'Ben' })[pubkey] ?? 'nobody';
const person = (pubkey: string, name: string) => ({ pubkey, profile: { name } }) as PersonRow;

test('talks there are come newest first, with everybody’s name', () => {
  const rows = activity(row(`~${ada}`, 5), row(`~${ada},${ben}`, 9), row(`~${ben}`, 0), row('quay', 7));
  expect(talkTargets(rows, nameOf)).toEqual([
    { id: `~${ada},${ben}`, name: 'Ada, Ben', seed: ada },
    { id: `~${ada}`, name: 'Ada', seed: ada },
  ]);
});

test('people are found by their name: not oneself, nobody twice, nobody without a name', () => {
  const talks = [{ id: `~${ada}`, name: 'Ada', seed: ada }];
  const rows = [person(me, 'Me'), person(ada, 'Ada'), person(ben, 'Ben'), person('c'.repeat(64), '')];
  expect(peopleTargets(rows, me, talks)).toEqual([{ id: `~${ben}`, name: 'Ben', seed: ben }]);
});

test('other places come with the newest talk first; mine are not among them', () => {
  const place = (id: string, own: boolean) => ({ id, name: id, about: `about ${id}`, own }) as Place;
  const places = [place('quay', false), place('mine', true), place('dock', false)];
  expect(otherPlaces(places, activity(row('dock', 3)))).toEqual([
    { id: 'dock', name: 'dock', last: 'about dock' },
    { id: 'quay', name: 'quay', last: 'about quay' },
  ]);
});

test('a name is found by its letters; nothing typed shows the first of them', () => {
  const rows = ['Harbour Swimmers', 'Lighthouse Keepers', 'Light Rail'].map((name) => ({ name }));
  expect(named(rows, ' ', 2)).toEqual(rows.slice(0, 2));
  expect(named(rows, 'lighth')[0]).toEqual({ name: 'Lighthouse Keepers' });
  expect(named(rows, 'zzz')).toEqual([]);
});
