import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Touched } from './rows.ts';
import { Watchers } from './watchers.ts';
import type { TabChannel } from './watchers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

/** Two tabs whose channels are joined. */
const twoTabs = () => {
  const channels: (TabChannel & { closed: boolean })[] = [];
  const channel = (): TabChannel => {
    const own = {
      onmessage: null,
      closed: false,
      postMessage(touched: readonly Touched[]) {
        for (const other of channels)
          if (other !== own) other.onmessage?.({ data: structuredClone(touched) } as MessageEvent);
      },
      close() {
        own.closed = true;
      },
    };
    channels.push(own);
    return own;
  };
  return { here: new Watchers(channel()), there: new Watchers(channel()), channels };
};

test('the first change is told at once, the rest of a frame together', async () => {
  const { here } = twoTabs();
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
  const { here, there } = twoTabs();
  const heard: string[] = [];
  for (const [name, tab] of [
    ['here', here],
    ['there', there],
  ] as const) {
    tab.watch(
      [
        { table: 'a', part: 'x' },
        { table: 'b', part: 'y' },
      ],
      () => heard.push(`${name} x`),
    );
    tab.watch([{ table: 'a', part: 'z' }], () => heard.push(`${name} z`));
  }
  here.tell([{ table: 'b', part: 'y' }]);
  await pass(20);
  expect(heard.sort()).toEqual(['here x', 'there x']);
  here.tell([{ table: 'b' }, { table: 'a', part: 'q' }]);
  await pass(20);
  expect(heard.splice(0).sort()).toEqual(['here x', 'here x', 'there x', 'there x']);
  there.tell([{ table: 'a' }]);
  await pass(20);
  expect(heard.sort()).toEqual(['here x', 'here z', 'there x', 'there z']);
});

test('who stopped hears nothing any more, not even what was on its way', async () => {
  const { here, channels } = twoTabs();
  const changed = vi.fn();
  const stop = here.watch([{ table: 'a' }], changed);
  here.watch([{ table: 'a' }], changed);
  here.tell([{ table: 'a' }]);
  stop();
  here.close();
  await pass(100);
  expect(changed).not.toHaveBeenCalled();
  expect(channels.map(({ closed }) => closed)).toEqual([true, false]);
});
