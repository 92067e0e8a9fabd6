import { expect, test } from 'vitest';
import { Completing } from './completing.svelte.ts';
import type { Choice, Source } from './completing.svelte.ts';

const begin = () => {
  const taken: string[] = [];
  const source = (sign: string, words: readonly string[]): Source => ({
    label: `after ${sign}`,
    look: (text, caret) => {
      const at = text.slice(0, caret).lastIndexOf(sign);
      return at === -1 ? undefined : { from: at, query: text.slice(at + 1, caret) };
    },
    find: (query) =>
      words.filter((word) => word.startsWith(query)).map((word): Choice => ({ key: word, label: word })),
    take: (choice, { from }) => taken.push(`${choice.key} at ${from}`),
  });
  const completing = new Completing([source('@', ['ada', 'adam', 'ben']), source('/', ['me', 'mute'])]);
  const write = (value: string, caret = value.length, end = caret) =>
    completing.look({ value, selectionStart: caret, selectionEnd: end });
  return { completing, write, taken };
};

test('the first that knows the sign finds, under its own name', () => {
  const { completing, write } = begin();
  write('hi @ad');
  expect(completing.label).toBe('after @');
  expect(completing.found.map(({ key }) => key)).toEqual(['ada', 'adam']);
  write('/m');
  expect(completing.label).toBe('after /');
  write('nothing');
  expect(completing.found).toEqual([]);
});

test('arrows go round, Enter takes, Escape ends; other keys are not for the list', () => {
  const { completing, write, taken } = begin();
  write('@ad');
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown']) expect(completing.takes(key)).toBe(true);
  expect(completing.takes('a')).toBe(false);
  completing.takes('Enter');
  expect(taken).toEqual(['adam at 0']);
  expect(completing.takes('Enter')).toBe(false);
  write('@ad');
  expect(completing.takes('Escape')).toBe(true);
  expect(completing.found).toEqual([]);
});

test('nothing is found while something is selected', () => {
  const { completing, write } = begin();
  write('@ad', 1, 3);
  expect(completing.found).toEqual([]);
});
