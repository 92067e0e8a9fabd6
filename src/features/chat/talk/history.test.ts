import { expect, test } from 'vitest';
import type { SyncRequest } from '#client/engine/engine.ts';
import { ok } from '#shared/result.ts';
import { History } from './history.ts';

/** A relay with a line a second from 1 to `last`; newest first, `until` inclusive. */
const relayTo = (last: number) => {
  const asked: (number | undefined)[] = [];
  const fetch = ({ filters }: SyncRequest) => {
    const { until = Infinity, limit = 0 } = filters[0] ?? {};
    asked.push(filters[0]?.until);
    const newest = Math.min(until, last);
    const received = Math.max(0, Math.min(limit, newest));
    return Promise.resolve(ok(received > 0 ? { received, oldest: newest - received + 1 } : { received }));
  };
  return { asked, history: new History({ fetch }, 'plaza') };
};

test('from the newest on, page after page, until it reaches a time', async () => {
  const { asked, history } = relayTo(1000);
  expect(await history.reach(650)).toEqual({ state: 'reached' });
  expect(asked).toEqual([undefined, 901, 802, 703]);
  expect(await history.reach(650)).toEqual({ state: 'reached' });
  expect(asked).toHaveLength(4);
});

test('from a time long ago it asks there, not from the newest on', async () => {
  const { asked, history } = relayTo(100_000);
  expect(await history.reach(5000, 5100)).toEqual({ state: 'reached' });
  expect(asked[0]).toBe(5100);
  expect(asked.length).toBeLessThanOrEqual(2);
  expect(history.begun).toBe(false);
});

test('two stretches that meet become one, and nothing between is asked for twice', async () => {
  const { asked, history } = relayTo(1000);
  await history.reach(400, 600);
  await history.reach(550);
  const so = asked.length;
  expect(await history.reach(450)).toEqual({ state: 'reached' });
  expect(asked).toHaveLength(so);
  expect(await history.reach(290)).toEqual({ state: 'reached' });
  expect(asked.at(-1)).toBe(303);
});

test('it ends where the relay has nothing older, wherever it began', async () => {
  const { history } = relayTo(300);
  expect(await history.reach(1, 150)).toEqual({ state: 'beginning' });
  expect(history.begun).toBe(true);
  expect(await history.reach(1, 120)).toEqual({ state: 'beginning' });
});
