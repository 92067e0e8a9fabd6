import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareLines } from '#features/chat/rows/tables.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { eventId } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { makeReaction, parseLine, parseSequence } from '#protocol/messages.ts';
import { DAY } from '#shared/time.ts';
import { Dating, MOST_AHEAD, MOST_IN_SECOND } from './dating.ts';

const ME = 'a'.repeat(64);
const START = 1_800_000_000;
const line = (content: string, group = 'harbour'): Draft => ({
  kind: kinds.NOTE,
  content,
  tags: [['h', group]],
});

/** Dating by a clock whose hand the test moves. */
const begin = () => {
  const clock = { time: START, now: () => clock.time };
  return { clock, dating: new Dating(clock) };
};
const signed = (draft: Draft & { created_at: number }): NostrEvent => {
  const unsigned = { ...draft, pubkey: ME };
  return { ...unsigned, id: eventId(unsigned), sig: '0'.repeat(128) };
};

describe('lines', () => {
  test('of one second are a second apart, without a tag, while that is not far ahead', () => {
    const { dating } = begin();
    const dated = ['one', 'two', 'three'].map((text) => dating.date(line(text), ME));
    expect(dated.map(({ created_at }) => created_at - START)).toEqual([0, 1, 2]);
    expect(dated.flatMap(({ tags }) => tags.filter(([name]) => name === 'seq'))).toEqual([]);
  });

  test('never run far ahead: a thousand at once share seconds and are numbered in them', () => {
    const { dating } = begin();
    const dated = Array.from({ length: 1000 }, (_, index) => dating.date(line(String(index)), ME));
    const ahead = dated.map(({ created_at }) => created_at - START);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(MOST_AHEAD + Math.ceil(1000 / MOST_IN_SECOND));
    const [first, second, third] = dated.slice(MOST_AHEAD);
    expect([first, second, third].map((one) => one?.created_at)).toEqual(Array(3).fill(START + MOST_AHEAD));
    expect([first, second, third].map((one) => one && parseSequence(one))).toEqual([undefined, 1, 2]);
    const ofSecond = (at: number) => ahead.filter((one) => one === at).length;
    expect(Math.max(...ahead.map(ofSecond))).toBe(MOST_IN_SECOND);
  });

  test('a thousand in a minute stay within the two minutes', () => {
    const { clock, dating } = begin();
    for (let index = 0; index < 1000; index++) {
      clock.time = START + Math.floor((index * 60) / 1000);
      expect(dating.date(line('x'), ME).created_at - clock.time).toBeLessThanOrEqual(MOST_AHEAD);
    }
  });

  test('each place and each author count by themselves', () => {
    const { dating } = begin();
    dating.date(line('here'), ME);
    expect(dating.date(line('there', 'market'), ME).created_at).toBe(START);
    expect(dating.date(line('here'), 'b'.repeat(64)).created_at).toBe(START);
  });

  test('a clock that was set back by a day is followed at once', () => {
    const { clock, dating } = begin();
    clock.time = START + DAY;
    dating.date(line('tomorrow'), ME);
    clock.time = START;
    expect(dating.date(line('today'), ME).created_at).toBe(START);
  });

  test('a clock that was set back by seconds is not', () => {
    const { clock, dating } = begin();
    dating.date(line('one'), ME);
    clock.time = START - 30;
    expect(dating.date(line('two'), ME).created_at).toBe(START + 1);
  });

  test('what is sent anew loses the number of its old second', () => {
    const { dating } = begin();
    const old = {
      ...line('again'),
      tags: [
        ['h', 'harbour'],
        ['seq', '7'],
        ['p', ME],
      ],
    };
    expect(dating.date(old, ME).tags).toEqual([
      ['h', 'harbour'],
      ['p', ME],
    ]);
  });

  test('a time that was given is kept, tags and all', () => {
    const { dating } = begin();
    const given = {
      ...line('old'),
      created_at: 5,
      tags: [
        ['h', 'harbour'],
        ['seq', '7'],
      ],
    };
    expect(dating.date(given, ME)).toEqual(given);
  });
});

test('reactions stay within the two minutes too, and carry no number', () => {
  const { dating } = begin();
  const draft = makeReaction('harbour', { id: 'c'.repeat(64), pubkey: ME, kind: kinds.NOTE }, '🎉');
  const dated = Array.from({ length: 500 }, () => dating.date(draft, ME));
  expect(Math.max(...dated.map(({ created_at }) => created_at - START))).toBe(MOST_AHEAD);
  expect(dated.every((one) => parseSequence(one) === undefined)).toBe(true);
});

test('versions of a list always get a later second, however many', () => {
  const { clock, dating } = begin();
  const list: Draft = { kind: kinds.MY_GROUPS, content: '', tags: [] };
  const times = Array.from({ length: 300 }, () => dating.date(list, ME).created_at);
  expect(times).toEqual(times.map((_, index) => START + index));
  clock.time = START - DAY;
  expect(dating.date(list, ME).created_at).toBe(START + 300);
});

test('in whatever order they arrive, one author’s lines come out as written, at any pace', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ pause: fc.nat({ max: 3 }), burst: fc.integer({ min: 1, max: 90 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.boolean(),
      fc.infiniteStream(fc.nat()),
      (pace, isReacting, chance) => {
        const { clock, dating } = begin();
        const written: NostrEvent[] = [];
        for (const { pause, burst } of pace) {
          clock.time += pause;
          for (let index = 0; index < burst; index++)
            written.push(signed(dating.date(line(`${written.length}`), ME)));
          if (isReacting) dating.date({ kind: kinds.REACTION, content: '+', tags: [['h', 'harbour']] }, ME);
        }
        const arrived = written
          .map((event) => ({ event, key: chance.next().value }))
          .sort((a, b) => Number(a.key) - Number(b.key))
          .flatMap(({ event }) => parseLine(event) ?? []);
        expect(arrived.sort(compareLines).map(({ text }) => text)).toEqual(
          written.map(({ content }) => content),
        );
      },
    ),
    { numRuns: 60 },
  );
});
