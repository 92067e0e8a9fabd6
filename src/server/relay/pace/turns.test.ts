import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

test('so many at once by name, in the order of asking, whatever fails', async () => {
  const turns = new Turns(2);
  const [order, running]: [number[], number[]] = [[], []];
  let now = 0;
  const task = (number: number) => async () => {
    order.push(number);
    running.push(++now);
    await pause();
    now -= 1;
    if (number === 1) throw new Error('one fails');
    return number;
  };
  const all = await Promise.allSettled(Array.from({ length: 7 }, (_, i) => turns.run('a', task(i))));
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(Math.max(...running)).toBe(2);
  expect(all.map(({ status }) => status === 'fulfilled')).toEqual([
    true,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});

test('one name does not wait for another', async () => {
  const turns = new Turns(1);
  let release: () => void = () => undefined;
  const held = turns.run('a', () => new Promise<void>((resolve) => (release = resolve)));
  expect(await turns.run('b', () => Promise.resolve('b'))).toBe('b');
  release();
  await held;
  expect(await turns.run('a', () => Promise.resolve('a'))).toBe('a');
});
