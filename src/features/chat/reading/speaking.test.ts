import { expect, test } from 'vitest';
import { Speaking } from './speaking.ts';

const begin = () => {
  const said: string[] = [];
  let due: (() => void) | undefined;
  const after = (_ms: number, done: () => void) => {
    due = done;
    return () => (due = undefined);
  };
  const speaking = new Speaking(
    (words) => said.push(words),
    (count) => `${count} new`,
    after,
  );
  const breathe = () => {
    const done = due;
    due = undefined;
    done?.();
  };
  return { said, speaking, breathe, isBreathing: () => due !== undefined };
};
const line = (id: string) => ({ id, words: () => `says ${id}` });

test('the first line is told at once, and each once', () => {
  const { said, speaking, breathe, isBreathing } = begin();
  speaking.hear([line('a')]);
  speaking.hear([line('a')]);
  expect(said).toEqual(['says a']);
  breathe();
  expect(said).toEqual(['says a']);
  expect(isBreathing()).toBe(false);
  speaking.hear([line('a'), line('b')]);
  expect(said).toEqual(['says a', 'says b']);
});

test('what comes meanwhile waits for a breath; two are told, more are counted', () => {
  const { said, speaking, breathe } = begin();
  speaking.hear([line('a')]);
  speaking.hear([line('b')]);
  speaking.hear([line('b'), line('c')]);
  expect(said).toEqual(['says a']);
  breathe();
  expect(said.at(-1)).toBe('says b\nsays c');
  speaking.hear(['d', 'e', 'f'].map(line));
  speaking.hear(['f', 'g', 'h'].map(line));
  breathe();
  expect(said).toEqual(['says a', 'says b\nsays c', '5 new']);
});

test('a flood at once is a number from the start', () => {
  const { said, speaking } = begin();
  speaking.hear(Array.from({ length: 1_000 }, (_, index) => line(String(index))));
  expect(said).toEqual(['1000 new']);
});

test('who has left is told nothing', () => {
  const { said, speaking, breathe } = begin();
  speaking.hear([line('a')]);
  speaking.hear([line('b')]);
  speaking.stop();
  breathe();
  expect(said).toEqual(['says a']);
});
