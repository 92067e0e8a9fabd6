import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

test('so many at a time; who waits goes in turn', async () => {
  const lanes = new Lanes({ total: 2, perParty: 2, waiting: 10 });
  const order: string[] = [];
  const leave = await lanes.enter();
  await lanes.enter();
  const third = lanes.enter().then((next) => (order.push('third'), next));
  const fourth = lanes.enter().then((next) => (order.push('fourth'), next));
  await Promise.resolve();
  expect(order).toEqual([]);
  leave?.();
  leave?.();
  (await third)?.();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('nobody waits behind somebody else’s slow server', async () => {
  const lanes = new Lanes({ total: 3, perParty: 1, waiting: 10 });
  const slow = await lanes.enter(['to slow']);
  let isIn = false;
  const second = lanes.enter(['to slow']).then((leave) => ((isIn = true), leave));
  const quick = await lanes.enter(['to quick']);
  quick?.();
  await Promise.resolve();
  expect(isIn).toBe(false);
  slow?.();
  await second;
  expect(isIn).toBe(true);
});

test('only so many wait, and each place comes back', async () => {
  const lanes = new Lanes({ total: 1, perParty: 1, waiting: 1 });
  const first = await lanes.enter(['a', 'b']);
  const second = lanes.enter(['a']);
  expect(await lanes.enter(['c'])).toBeUndefined();
  first?.();
  (await second)?.();
  for (let number = 0; number < 5; number += 1) {
    const leave = await lanes.enter(['a', 'b']);
    expect(leave).toBeDefined();
    leave?.();
  }
});
