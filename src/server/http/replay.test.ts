import { expect, test } from 'vitest';
import { ReplayMemory } from './replay.ts';

test('each id once, for as long as it could be sent again', () => {
  const memory = new ReplayMemory();
  expect([memory.take('a', 100, 100), memory.take('a', 100, 160), memory.take('b', 100, 100)]).toEqual([
    true,
    false,
    true,
  ]);
});

test('what is too old to be taken anyway makes room; where there is no room nothing is taken', () => {
  const memory = new ReplayMemory();
  for (let i = 0; i < 100_000; i++) memory.take(String(i), 100, 100);
  expect(memory.take('one more', 160, 160)).toBe(false);
  expect(memory.take('one more', 161, 161)).toBe(true);
  expect(memory.size).toBe(1);
});
