import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NostrEvent } from '../event.ts';
import { countVotes, makePoll, makeVote, OPTIONS_MAX, parsePoll, parseVote } from './polls.ts';
import type { AskedPoll, Vote } from './polls.ts';

const id = (digit: string): string => digit.repeat(64);
const wish = { group: 'quay', question: 'When?', options: ['Monday', 'Tuesday'], several: false };
const asEvent = (draft: Pick<NostrEvent, 'kind' | 'tags' | 'content'>): NostrEvent => ({
  ...draft,
  id: id('1'),
  pubkey: id('a'),
  created_at: 100,
  sig: '',
});

test('what is asked is read again', () => {
  expect(parsePoll(makePoll({ ...wish, ends: 500 }))).toEqual({
    options: [
      { id: '1', label: 'Monday' },
      { id: '2', label: 'Tuesday' },
    ],
    several: false,
    ends: 500,
  });
  expect(parsePoll(makePoll({ ...wish, several: true }))).not.toHaveProperty('ends');
});

test('of a thousand options ten are shown; twice the same id, no words and marks in them count for nothing', () => {
  const many = Array.from({ length: 1000 }, (_, at) => ['option', `o${at}`, `Answer ${at}`]);
  expect(parsePoll({ kind: 1068, tags: many })?.options).toHaveLength(OPTIONS_MAX);
  const odd = [
    ['option', 'a', 'One'],
    ['option', 'a', 'Other'],
    ['option', 'b', ' '],
    ['option', '<b>', 'Three'],
    ['option', 'c', `Long ${'x'.repeat(500)}`],
  ];
  const poll = parsePoll({ kind: 1068, tags: odd });
  expect(poll?.options.map((option) => option.id)).toEqual(['a', 'c']);
  expect(poll?.options[1]?.label.length).toBeLessThanOrEqual(101);
});

test.each([
  ['one answer', 1068, [['option', 'a', 'One']]],
  ['no answer', 1068, []],
  ['another kind', 1, makePoll(wish).tags],
])('no poll: %s', (_, kind, tags) => expect(parsePoll({ kind, tags })).toBeUndefined());

test('an answer names exactly one poll', () => {
  const vote = asEvent(makeVote('quay', id('e'), ['1', '1', '2']));
  expect(parseVote(vote)).toMatchObject({
    poll: id('e'),
    options: ['1', '2'],
    author: id('a'),
    group: 'quay',
  });
  expect(parseVote({ ...vote, tags: [...vote.tags, ['e', id('f')]] })).toBeUndefined();
  expect(parseVote({ ...vote, kind: 7 })).toBeUndefined();
  expect(parseVote({ ...vote, tags: [['e', id('e')]] })).toBeUndefined();
});

const poll: AskedPoll = {
  group: 'quay',
  several: false,
  ends: 200,
  options: [
    { id: '1', label: 'Monday' },
    { id: '2', label: 'Tuesday' },
  ],
};
const vote = (author: string, at: number, options: readonly string[], change: Partial<Vote> = {}): Vote => ({
  id: `${author}${at}`,
  group: 'quay',
  poll: id('e'),
  author,
  at,
  options,
  ...change,
});
const counts = (votes: readonly Vote[], change: Partial<AskedPoll> = {}) => {
  const { people, voters } = countVotes({ ...poll, ...change }, votes);
  return [...[...people.values()].map((all) => all.join()), voters];
};

test('each person once, with their newest answer; one where only one may be chosen', () => {
  const votes = [vote('ann', 10, ['1']), vote('ben', 11, ['2', '1']), vote('ann', 12, ['2'])];
  expect(counts(votes)).toEqual(['', 'ben,ann', 2]);
  expect(counts(votes, { several: true })).toEqual(['ben', 'ben,ann', 2]);
  expect(counts([...votes, vote('ann', 13, [])])).toEqual(['', 'ben', 1]);
});

test('nothing counts from elsewhere, after the end, or for what was never offered', () => {
  expect(
    counts([
      vote('eve', 10, ['1'], { group: 'square' }),
      vote('ann', 200, ['1']),
      vote('ann', 201, ['2']),
      vote('ben', 11, ['9']),
    ]),
  ).toEqual(['ann', '', 1]);
});

test('in whatever order answers come, and however often, they count the same', () => {
  const anyVote = fc
    .tuple(fc.constantFrom('ann', 'ben', 'cy'), fc.nat(300), fc.subarray(['1', '2', '9']))
    .map(([author, at, options]) => vote(author, at, options, { id: `${author}${at}${options.join('')}` }));
  fc.assert(
    fc.property(fc.array(anyVote, { maxLength: 20 }), (votes) => {
      const straight = counts(votes);
      expect(counts([...votes].reverse())).toEqual(straight);
      expect(counts([...votes, ...votes])).toEqual(straight);
      expect(Number(straight.at(-1))).toBeLessThanOrEqual(3);
    }),
  );
});

test('whatever comes, reading gives an answer', () => {
  const tags = fc.array(fc.array(fc.string(), { maxLength: 4 }), { maxLength: 8 });
  fc.assert(
    fc.property(tags, (some) => {
      const found = parsePoll({ kind: 1068, tags: some });
      return found === undefined || (found.options.length >= 2 && found.options.length <= OPTIONS_MAX);
    }),
  );
  fc.assert(
    fc.property(tags, (some) => parseVote(asEvent({ kind: 1018, tags: some, content: '' }))?.poll !== ''),
  );
});
