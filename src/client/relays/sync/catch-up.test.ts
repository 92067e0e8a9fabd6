import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/result.ts';
import { CatchUp } from './catch-up.ts';
import type { CatchUpPorts } from './catch-up.ts';

const ME = 'a1'.repeat(32);
const RELAY = 'wss://a.test';

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

/** A relay that has nothing new; what it is asked is written down by place. */
const setUp = (changes: Partial<CatchUpPorts> = {}) => {
  const asked: string[] = [];
  const kept: { value: unknown } = { value: undefined };
  const places = ['one', 'two'];
  const now = () => Math.floor(Date.now() / 1000);
  const ports: CatchUpPorts = {
    reconcile: (_relay, filter) => {
      asked.push(String(filter['#h']?.[0]));
      return Promise.resolve(ok({ have: [], need: [], isWhole: true }));
    },
    fetch: () => Promise.resolve(ok({ received: 0 })),
    held: () => Promise.resolve([{ id: 'ab'.repeat(32), at: now() - 60 }]),
    clock: { now },
    stateOf: () => 'open',
    whoAmI: () => Promise.resolve(ME),
    followed: (me) => Promise.resolve(me === ME ? places.map((place) => ({ relay: RELAY, place })) : []),
    memory: {
      read: () => Promise.resolve(kept.value),
      write: (value) => {
        kept.value = structuredClone(value);
        return Promise.resolve();
      },
    },
    ...changes,
  };
  return { catchUp: new CatchUp(ports), asked, kept, places, ports };
};
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('each place once for every time that its relay is reached, however often it is told', async () => {
  const { catchUp, asked } = setUp();
  catchUp.reopened(RELAY);
  catchUp.soon();
  await pass(1000);
  expect(asked.sort()).toEqual(['one', 'two']);
  catchUp.soon();
  await pass(1000);
  expect(asked).toHaveLength(2);
  catchUp.reopened(RELAY);
  await pass(1000);
  expect(asked).toHaveLength(4);
});

test('a new place gets its turn when it is heard of', async () => {
  const { catchUp, asked, places } = setUp();
  catchUp.reopened(RELAY);
  await pass(1000);
  places.push('three');
  catchUp.soon();
  await pass(1000);
  expect(asked.sort()).toEqual(['one', 'three', 'two']);
});

test('what began before the relay was reached again does not count', async () => {
  let finish: () => void = () => undefined;
  const { catchUp, asked } = setUp({
    fetch: () => new Promise((done) => (finish = () => done(ok({ received: 0 })))),
    followed: () => Promise.resolve([{ relay: RELAY, place: 'one' }]),
  });
  catchUp.reopened(RELAY);
  await pass(1000);
  catchUp.reopened(RELAY);
  finish();
  await pass(1000);
  expect(asked).toEqual(['one', 'one']);
});

test('how far it is, and whose, is remembered: a key that is still locked is caught up for', async () => {
  const { catchUp, kept, ports, asked } = setUp();
  expect(await catchUp.run()).toEqual({ whole: 2, missed: 0 });
  expect(kept.value).toMatchObject({ me: ME, cursors: { [`${RELAY} one`]: { floor: 0 } } });
  const next = new CatchUp({ ...ports, whoAmI: () => Promise.resolve(undefined) });
  expect(await next.run()).toEqual({ whole: 2, missed: 0 });
  expect(asked).toHaveLength(4);
  const stranger = setUp({ whoAmI: () => Promise.resolve(undefined) });
  expect(await stranger.catchUp.run()).toEqual({ whole: 0, missed: 0 });
});

test('a relay that is away is not asked; one that does not answer is tried again', async () => {
  const away = setUp({ stateOf: () => 'connecting' });
  expect(await away.catchUp.run()).toEqual({ whole: 0, missed: 2 });
  expect(away.asked).toEqual([]);

  let isThere = false;
  const { catchUp } = setUp({
    fetch: () => Promise.resolve(isThere ? ok({ received: 0 }) : fail('unreachable', 'no answer in time')),
  });
  expect(await catchUp.run()).toEqual({ whole: 0, missed: 2 });
  isThere = true;
  await pass(61_000);
  expect(await catchUp.run()).toEqual({ whole: 2, missed: 0 });
});

test('a place that refuses does not keep the others waiting', async () => {
  const { catchUp } = setUp({
    reconcile: (_relay, filter) =>
      Promise.resolve(
        filter['#h']?.[0] === 'one'
          ? fail('refused', 'restricted: members only')
          : ok({ have: [], need: [], isWhole: true }),
      ),
  });
  expect(await catchUp.run()).toEqual({ whole: 1, missed: 1 });
});

test('once stopped, nothing is begun, and a failure is nobody’s news', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { catchUp, asked } = setUp({ held: () => Promise.reject(new Error('the store is closed')) });
  catchUp.reopened(RELAY);
  await pass(1000);
  expect(told).toHaveBeenCalledTimes(1);
  catchUp.stop();
  catchUp.reopened(RELAY);
  await pass(1000);
  expect(asked).toEqual([]);
  expect(told).toHaveBeenCalledTimes(1);
  told.mockRestore();
});
