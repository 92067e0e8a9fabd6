import { expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeDeletion, makeLine, makeReaction } from '#protocol/messages.ts';
import { NOTE } from '#protocol/kinds.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { chatProjection } from '../projection.ts';
import { lines } from './tables.ts';

const [anna, ben] = [fakeKey('a1'), fakeKey('b2')];
const seen = (event: NostrEvent): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event,
  relay: 'wss://city.test',
});
const line = (text: string) =>
  fakeEvent({ ...makeLine({ group: 'plaza', kind: NOTE, text }), pubkey: anna, created_at: 77 });

/** What the lines table's rows say, by their ids, the way the store asks. */
const wordsOf = async (...events: LocalEvent[]) => {
  const rows = new MemoryRows([chatProjection]);
  await rows.apply(...events);
  const [searchable] = (chatProjection.searchable ?? []).filter(({ table }) => table === lines.name);
  return (await rows.all(lines)).map((row) => searchable?.words(row));
};

test('a line is found by its text, its place, its author and its time', async () => {
  expect(await wordsOf(seen(line('the ferry leaves at nine')))).toEqual([
    { text: 'the ferry leaves at nine', group: 'plaza', author: anna, at: 77 },
  ]);
});

test('an own line is found before any relay has it', async () => {
  const own: LocalEvent = { type: 'EventSigned', v: 1, event: line('mine'), relays: ['wss://city.test'] };
  expect((await wordsOf(own)).map((words) => words?.text)).toEqual(['mine']);
});

test('what is said in the city is found there, until it is taken away', async () => {
  const city = new FakeCity({ projections: [chatProjection], account: fakeAccount(anna) });
  const said = await city.publish(makeLine({ group: 'plaza', kind: NOTE, text: 'The ferry leaves at nine' }));
  await city.deliver(line('no boats today'));
  const find = async (text: string) =>
    (await city.search({ text, tables: [lines.name] })).hits.map(({ id }) => id);
  expect(said.ok && (await find('ferr'))).toEqual([said.ok && said.value.event.id]);
  expect(await find('"ferry leaves"')).toHaveLength(1);
  expect(await find('"leaves ferry"')).toEqual([]);
  expect((await city.search({ text: 'ferry', group: 'elsewhere' })).total).toBe(0);
  if (said.ok) await city.publish(makeDeletion([said.value.event], 'plaza'));
  expect(await find('ferry')).toEqual([]);
});

test('a line that was taken away is not found, in whatever order that is told', async () => {
  const one = line('soon gone');
  const end = fakeEvent({ ...makeDeletion([one]), pubkey: anna, created_at: 80 });
  expect(await wordsOf(seen(one), seen(end))).toEqual([undefined]);
  expect((await wordsOf(seen(end), seen(one))).filter(Boolean)).toEqual([]);
});

test('somebody else’s wish to take it away changes nothing, nor does a reaction', async () => {
  const one = line('still here');
  const wish = fakeEvent({ ...makeDeletion([one]), pubkey: ben, created_at: 80 });
  const heart = fakeEvent({
    ...makeReaction('plaza', one, '❤'),
    pubkey: ben,
    created_at: 81,
  });
  expect((await wordsOf(seen(one), seen(wish), seen(heart))).map((words) => words?.text)).toEqual([
    'still here',
  ]);
});

test('a line that was put away is found again once it is wanted back', async () => {
  const cleared: LocalEvent = { type: 'ConversationCleared', v: 1, conversation: 'plaza', upTo: 99, at: 100 };
  const restored: LocalEvent = { type: 'ConversationRestored', v: 1, conversation: 'plaza' };
  const one = seen(line('put away'));
  expect(await wordsOf(one, cleared)).toEqual([undefined]);
  expect((await wordsOf(one, cleared, restored)).map((words) => words?.text)).toEqual(['put away']);
});

test('a line without a word is in no index', async () => {
  expect((await wordsOf(seen(line('')))).filter(Boolean)).toEqual([]);
});
