import { expect, test } from 'vitest';
import { SingleLetters } from './single-letters.svelte.ts';

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

test('they are on until somebody switches them off, and that is kept', () => {
  const kept = storage();
  const letters = new SingleLetters(kept);
  expect(letters.isOn).toBe(true);
  letters.set(false);
  expect(letters.isOn).toBe(false);
  expect(new SingleLetters(kept).isOn).toBe(false);
  letters.set(true);
  expect(new SingleLetters(kept).isOn).toBe(true);
});
