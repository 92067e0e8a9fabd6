import { expect, test, vi } from 'vitest';
import { FakeOrigin } from '../../../tests/support/fake-tabs.ts';
import { Desk, GoneError } from './desk.ts';
import type { DeskEars } from './desk.ts';

const setUp = () => {
  const origin = new FakeOrigin();
  const open = (address: string, ears: Partial<DeskEars> = {}) => {
    const tab = origin.tab();
    const desk = new Desk(tab.line('work'), address, {
      answer: (_from, method, args) => [address, method, ...args],
      told: () => undefined,
      ...ears,
    });
    return { tab, desk };
  };
  return { origin, open };
};

test('a question is answered by whom it was for', async () => {
  const { open } = setUp();
  const { desk } = open('a');
  open('b');
  open('c');
  expect(await Promise.all([desk.ask('b', 'add', [1, 2]), desk.ask('c', 'list', [])])).toEqual([
    ['b', 'add', 1, 2],
    ['c', 'list'],
  ]);
});

test('what the other throws comes back as an error with its name', async () => {
  const { open } = setUp();
  const { desk } = open('a');
  open('b', {
    answer: () => {
      throw new RangeError('too far');
    },
  });
  await expect(desk.ask('b', 'go', [])).rejects.toMatchObject({ name: 'RangeError', message: 'too far' });
});

test('what cannot be sent is an error at once, and nothing waits for it', async () => {
  const { open } = setUp();
  const { desk } = open('a');
  await expect(desk.ask('b', 'go', [() => undefined])).rejects.toThrow();
});

test('something told is heard by one, or by everybody else', async () => {
  const { open } = setUp();
  const ears = { a: vi.fn(), b: vi.fn(), c: vi.fn() };
  const { desk } = open('a', { told: ears.a });
  open('b', { told: ears.b });
  open('c', { told: ears.c });
  desk.tell('news', 1);
  desk.tell('secret', 2, 'c');
  await vi.waitFor(() =>
    expect(ears.c.mock.calls).toEqual([
      ['a', 'news', 1],
      ['a', 'secret', 2],
    ]),
  );
  expect(ears.b.mock.calls).toEqual([['a', 'news', 1]]);
  expect(ears.a).not.toHaveBeenCalled();
});

test('whoever was given up answers nobody any more; others still do', async () => {
  const { open } = setUp();
  const { desk } = open('a');
  const { tab } = open('b');
  open('c');
  tab.kill();
  const lost = desk.ask('b', 'go', []);
  const kept = desk.ask('c', 'go', []);
  desk.giveUp('b');
  await expect(lost).rejects.toBeInstanceOf(GoneError);
  expect(await kept).toEqual(['c', 'go']);
});

test('an answer from somebody else is no answer', async () => {
  const { origin, open } = setUp();
  const { desk } = open('a');
  const { tab } = open('b');
  tab.kill();
  const asked = desk.ask('b', 'go', []);
  const forger = origin.tab().line('work');
  forger.say({ to: 'a', from: 'mallory', type: 'answer', n: 1, value: 'forged' });
  for (const noise of [null, 7, 'x', {}, { to: 'a' }, { to: 'a', from: 'x', type: 'answer' }])
    forger.say(noise);
  await new Promise((resolve) => setTimeout(resolve, 5));
  desk.close();
  await expect(asked).rejects.toBeInstanceOf(GoneError);
});
