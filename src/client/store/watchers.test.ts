import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Watchers } from './watchers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

test('the first change is told at once, the rest of a frame together', async () => {
  const here = new Watchers();
  const changed = vi.fn();
  here.watch([{ table: 'a' }], changed);
  here.tell([{ table: 'a', part: 'x' }]);
  await pass();
  expect(changed).toHaveBeenCalledTimes(1);
  for (let n = 0; n < 10; n++) here.tell([{ table: 'a' }]);
  await pass(15);
  expect(changed).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(changed).toHaveBeenCalledTimes(2);
  await pass(100);
  expect(changed).toHaveBeenCalledTimes(2);
});

test('only those hear who watch the table and part; a change of a whole table is a change of each part', async () => {
  const here = new Watchers();
  const heard: string[] = [];
  here.watch(
    [
      { table: 'a', part: 'x' },
      { table: 'b', part: 'y' },
    ],
    () => heard.push('x'),
  );
  here.watch([{ table: 'a', part: 'z' }], () => heard.push('z'));
  here.tell([{ table: 'b', part: 'y' }]);
  await pass(20);
  expect(heard.splice(0)).toEqual(['x']);
  here.tell([{ table: 'b' }, { table: 'a', part: 'q' }]);
  await pass(20);
  expect(heard.splice(0)).toEqual(['x']);
  here.tell([{ table: 'a' }]);
  await pass(20);
  expect(heard.sort()).toEqual(['x', 'z']);
  here.tell([]);
  await pass(20);
  expect(heard).toHaveLength(2);
});

test('who stopped hears nothing any more, not even what was on its way', async () => {
  const here = new Watchers();
  const changed = vi.fn();
  const stop = here.watch([{ table: 'a' }], changed);
  here.watch([{ table: 'a' }], changed);
  here.tell([{ table: 'a' }]);
  stop();
  here.close();
  await pass(100);
  expect(changed).not.toHaveBeenCalled();
});
