import { expect, test } from 'vitest';
import { makeTyping } from '#protocol/direct/typing.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { Writers } from './writers.svelte.ts';

const [ANNA, BEN] = [fakeKey('b2'), fakeKey('c3')];

const open = () => {
  const city = new FakeCity({ account: fakeAccount() });
  const timers: { ms: number; done: () => void; isStopped: boolean }[] = [];
  const clock = { at: city.now, now: () => clock.at };
  const writers = new Writers(city, {
    group: 'plaza',
    clock,
    after: (ms, done) => {
      const timer = { ms, done, isStopped: false };
      timers.push(timer);
      return () => void (timer.isStopped = true);
    },
  });
  const hear = (pubkey: string, at = clock.at) =>
    city.listeners.forEach((one) => one(fakeEvent({ ...makeTyping('plaza'), pubkey, created_at: at })));
  const pass = () => timers.filter(({ isStopped }) => !isStopped).forEach(({ done }) => done());
  return { city, writers, clock, hear, timers, pass };
};

test('who writes is named until five seconds are over, or they have said it', () => {
  const { writers, hear, timers, pass, city } = open();
  hear(ANNA);
  hear(BEN);
  hear(ANNA);
  expect(writers.now).toEqual([ANNA, BEN]);
  expect(timers.map(({ ms, isStopped }) => [ms, isStopped])).toEqual([
    [5000, true],
    [5000, false],
    [5000, false],
  ]);
  writers.ended(BEN);
  expect(writers.now).toEqual([ANNA]);
  pass();
  expect(writers.now).toEqual([]);
  writers.stop();
  expect(city.listeners.size).toBe(0);
});

test('what is old, of a crowd, or of oneself is not named', () => {
  const { writers, hear, clock, city } = open();
  hear(ANNA, clock.at - 60);
  hear(ANNA, clock.at + 3600);
  hear(city.account!.pubkey);
  expect(writers.now).toEqual([]);
  for (let n = 0; n < 50; n++) hear(fakeKey(`${n + 10}`));
  expect(writers.now).toHaveLength(20);
});

test('one says that one writes once in three seconds, and a visitor never', async () => {
  const { writers, clock, city, timers, pass } = open();
  await writers.typed();
  clock.at += 2;
  await writers.typed();
  await writers.typed();
  expect(city.said).toEqual([makeTyping('plaza')]);
  expect(timers.map(({ ms }) => ms)).toEqual([1000]);
  clock.at += 1;
  pass();
  expect(city.said).toHaveLength(2);
  city.account = undefined;
  clock.at += 60;
  await writers.typed();
  expect(city.said).toHaveLength(2);
});

test('what was sent is not being written; what is begun after it is said at once', async () => {
  const { writers, clock, city, timers } = open();
  await writers.typed();
  clock.at += 1;
  await writers.typed();
  writers.rested();
  expect(timers.map(({ isStopped }) => isStopped)).toEqual([true]);
  await writers.typed();
  expect(city.said).toHaveLength(2);
});
