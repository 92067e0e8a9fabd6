import { expect, test } from 'vitest';
import type { PushFacts, PushFailure } from '#client/wake/push-desk.ts';
import type { Wake } from '#client/wake/wakes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { Bell } from './bell.svelte.ts';

const off: PushFacts = { isOn: false, permission: 'default', host: undefined, toldAt: undefined };
const on: PushFacts = { isOn: true, permission: 'granted', host: 'push.test', toldAt: 5 };

/** A desk that does as the test says, and what it was asked. */
const made = () => {
  const heard: string[] = [];
  const state = {
    facts: off,
    answer: ok(true) as Result<true, PushFailure>,
    wakes: [] as Wake[],
    slow: undefined as Promise<Wake[]> | undefined,
    late: undefined as (() => void) | undefined,
  };
  const does = (what: string, facts?: PushFacts) => async () => {
    heard.push(what);
    await Promise.resolve();
    if (state.answer.ok && facts) state.facts = facts;
    return state.answer;
  };
  const bell = new Bell({
    desk: {
      facts: () => Promise.resolve(state.facts),
      turnOn: does('on', on),
      turnOff: async () => void (await does('off', off)()),
      keepUp: does('keep up'),
      test: does('test'),
    },
    wants: () => [],
    wakes: () => state.slow ?? Promise.resolve(state.wakes),
    turned: (isOn) => Promise.resolve(void heard.push(`turned ${isOn ? 'on' : 'off'}`)),
    after: (_ms, then) => {
      state.late = then;
      return () => (state.late = undefined);
    },
  });
  return { bell, heard, state };
};

test('on and off, with what a wake may know kept and forgotten in time', async () => {
  const { bell, heard } = made();
  await bell.refresh();
  expect(bell.isOn).toBe(false);
  await bell.turnOn();
  expect([bell.isOn, bell.trouble]).toEqual([true, undefined]);
  await bell.turnOff();
  expect(bell.isOn).toBe(false);
  expect(heard).toEqual(['on', 'turned on', 'turned off', 'off']);
});

test('what is in the way is told, until it works', async () => {
  const { bell, state, heard } = made();
  state.answer = fail('denied', 'no');
  await bell.turnOn();
  expect(bell.trouble?.code).toBe('denied');
  expect([bell.isOn, bell.isBusy]).toEqual([false, false]);
  state.answer = ok(true);
  await bell.turnOn();
  expect(bell.trouble).toBeUndefined();
  expect(heard).toEqual(['on', 'on', 'turned on']);
});

test('two presses are one', async () => {
  const { bell, heard } = made();
  await Promise.all([bell.turnOn(), bell.turnOn()]);
  expect(heard).toEqual(['on', 'turned on']);
});

test('nobody is told anything while it is off', async () => {
  const { bell, heard } = made();
  await bell.refresh();
  await bell.keepUp();
  expect(heard).toEqual([]);
  await bell.turnOn();
  await bell.keepUp();
  expect(heard.at(-1)).toBe('keep up');
});

test('a test is sent, awaited, and arrives', async () => {
  const { bell, state } = made();
  const sending = bell.sendTest();
  expect(bell.test).toBe('sending');
  await sending;
  expect(bell.test).toBe('awaiting');
  await bell.woken(false);
  expect(bell.test).toBe('awaiting');
  state.wakes = [{ at: 9, why: 'test', end: 'shown' }];
  await bell.woken(true);
  expect(bell.test).toBe('arrived');
  expect(bell.wakes).toEqual(state.wakes);
  expect(state.late).toBeUndefined();
});

test('one that is faster than the city’s answer has arrived all the same', async () => {
  const { bell } = made();
  const sending = bell.sendTest();
  await bell.woken(true);
  await sending;
  expect(bell.test).toBe('arrived');
});

test('one that does not come is missing, and may come late', async () => {
  const { bell, state } = made();
  await bell.sendTest();
  state.late?.();
  expect(bell.test).toBe('missing');
  await bell.woken(true);
  expect(bell.test).toBe('arrived');
});

test('one that could not be sent says why', async () => {
  const { bell, state } = made();
  state.answer = fail('service', 'gone');
  await bell.sendTest();
  expect(bell.test).toMatchObject({ code: 'service', message: 'gone' });
});

test('a reading that began earlier and ends later does not undo what is known', async () => {
  const { bell, state } = made();
  let end: (wakes: Wake[]) => void = () => {};
  state.slow = new Promise((resolve) => (end = resolve));
  const earlier = bell.refresh();
  state.slow = undefined;
  state.wakes = [{ at: 9, why: 'test', end: 'shown' }];
  await bell.refresh();
  end([]);
  await earlier;
  expect(bell.wakes).toHaveLength(1);
});
