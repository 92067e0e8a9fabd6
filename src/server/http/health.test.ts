import { expect, test } from 'vitest';
import { makeHealth } from './health.ts';

const well = () => Promise.resolve(1);

test('what answers is there, what refuses or hangs is away, and says so in time', async () => {
  const broken = () => Promise.reject(new Error('gone'));
  const hanging = () => new Promise(() => undefined);
  expect(await makeHealth({ database: well })()).toEqual([]);
  expect(await makeHealth({ database: broken, redis: well })()).toEqual(['database']);
  const begun = performance.now();
  expect(await makeHealth({ database: hanging, redis: broken }, 50)()).toEqual(['database', 'redis']);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('however many ask, a part that hangs is asked once; once it answers again it is asked again', async () => {
  let asked = 0;
  let answer: (value: unknown) => void = () => undefined;
  const check = () => {
    asked += 1;
    return new Promise((resolve) => (answer = resolve));
  };
  const health = makeHealth({ database: check }, 20);
  expect(await Promise.all([health(), health(), health()])).toEqual([
    ['database'],
    ['database'],
    ['database'],
  ]);
  expect(asked).toBe(1);
  answer(1);
  await new Promise((resolve) => setTimeout(resolve));
  const again = health();
  expect(asked).toBe(2);
  answer(1);
  expect(await again).toEqual([]);
});
