import { expect, test } from 'vitest';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { makePoll, makeVote } from '#protocol/lines/polls.ts';
import { makeDeletion } from '#protocol/messages.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { conversations, lines } from '../rows/tables.ts';
import { chosenAfter, fetchVotes, readTally } from './poll-talk.ts';
import { pollVotes } from './vote-rows.ts';

const [me, anna, eve] = [fakeKey('a1'), fakeKey('b2'), fakeKey('ee')];
const talk = talkOf([me, anna], me);
const NOW = 1_800_000_000;
const options = ['Monday', 'Tuesday'];

const scene = () => new FakeCity({ projections: [chatProjection], account: fakeAccount(me) });
const asked = (ends?: number) =>
  fakeEvent({
    ...makePoll({ group: 'plaza', question: 'When?', options, several: false, ends }),
    pubkey: anna,
    created_at: NOW,
  });
const answer = (poll: string, author: string, chosen: readonly string[], at = NOW + 1, group = 'plaza') =>
  fakeEvent({ ...makeVote(group, poll, chosen), pubkey: author, created_at: at });
let wraps = 0;
const came = (draft: Draft, author = anna, at = NOW) =>
  ({
    type: 'WrapOpened',
    v: 1,
    wrap: (++wraps).toString(16).padStart(64, '0'),
    to: me,
    rumor: makeRumor(draft, { author, to: [me], at }),
  }) as const;

const counts = async (city: FakeCity, poll: string): Promise<unknown> => {
  const line = await city.get(lines, poll);
  if (!line?.poll) return undefined;
  const { people, voters } = await readTally(city, line, line.poll);
  return [...[...people.values()].map((all) => all.length), voters];
};

test('a question is a line of its place, and its answers are counted, before it comes too', async () => {
  const city = scene();
  const poll = asked();
  await city.deliver(answer(poll.id, eve, ['2']), poll, answer(poll.id, me, ['1']));
  expect(await city.get(lines, poll.id)).toMatchObject({ text: 'When?', poll: { several: false } });
  expect(await city.get(conversations, 'plaza')).toMatchObject({ lastText: 'When?', lines: 1 });
  expect(await counts(city, poll.id)).toEqual([1, 1, 2]);
});

test('one’s own answer counts at once, and not any more once it is given up', async () => {
  const city = scene();
  const poll = asked();
  await city.deliver(poll);
  city.answers = () => 'wait';
  const said = await city.publish(makeVote('plaza', poll.id, ['1']));
  expect(await counts(city, poll.id)).toEqual([1, 0, 1]);
  await city.record({ type: 'EventDiscarded', v: 1, id: said.ok ? said.value.event.id : '' });
  expect(await counts(city, poll.id)).toEqual([0, 0, 0]);
});

test('a flood of answers takes the room of a few, and one after the end does not take the place of one in time', async () => {
  const city = scene();
  const poll = asked(NOW + 10);
  await city.deliver(poll, answer(poll.id, eve, ['1'], NOW + 5));
  await city.deliver(...Array.from({ length: 300 }, (_, at) => answer(poll.id, eve, ['2'], NOW + 11 + at)));
  expect(await counts(city, poll.id)).toEqual([1, 0, 1]);
  await city.deliver(...Array.from({ length: 300 }, (_, at) => answer(poll.id, me, ['2'], NOW - at)));
  expect((await city.part(pollVotes, { part: poll.id })).map(({ votes }) => votes.length).sort()).toEqual([
    1, 5,
  ]);
});

test('an answer from another place counts for nothing', async () => {
  const city = scene();
  const poll = asked();
  await city.deliver(poll, answer(poll.id, eve, ['1'], NOW, 'square'));
  expect(await counts(city, poll.id)).toEqual([0, 0, 0]);
});

test('in private the people of the talk answer; strangers and what comes from outside are not heard', async () => {
  const city = scene();
  const poll = came(makePoll({ group: talk, question: 'When?', options, several: true }));
  const { id } = poll.rumor;
  await city.record(poll, came(makeVote(talk, id, ['1', '2'])), came(makeVote(talk, id, ['1']), eve));
  await city.deliver(answer(id, eve, ['1'], NOW, talk));
  expect(await counts(city, id)).toEqual([1, 1, 1]);
});

test('a question that is taken back says nothing any more', async () => {
  const city = scene();
  const poll = asked();
  await city.deliver(poll, fakeEvent({ ...makeDeletion([poll], 'plaza'), pubkey: anna }));
  expect(JSON.stringify(await city.get(lines, poll.id))).not.toMatch(/Monday|When/);
});

test('answers are asked for by their poll and place', async () => {
  const city = scene();
  await fetchVotes(city, { id: fakeKey('0e'), group: 'plaza' });
  expect(city.fetches).toEqual([{ filters: [{ kinds: [1018], '#e': [fakeKey('0e')], '#h': ['plaza'] }] }]);
});

test('pressing an answer chooses another one, one more, or takes it back', () => {
  expect(chosenAfter([], '1', false)).toEqual(['1']);
  expect(chosenAfter(['1'], '2', false)).toEqual(['2']);
  expect(chosenAfter(['1'], '2', true)).toEqual(['1', '2']);
  expect(chosenAfter(['1', '2'], '1', true)).toEqual(['2']);
  expect(chosenAfter(['1'], '1', false)).toEqual([]);
});
