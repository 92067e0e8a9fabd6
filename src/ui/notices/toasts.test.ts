import { describe, expect, test } from 'vitest';
import { ToastQueue, type ToastClock } from './toasts.svelte.ts';

class HandClock implements ToastClock {
  time = 0;
  timers = new Map<() => void, number>();
  now(): number {
    return this.time;
  }
  after(ms: number, done: () => void): () => void {
    this.timers.set(done, this.time + ms);
    return () => this.timers.delete(done);
  }
  pass(ms: number): void {
    this.time += ms;
    for (const [done, due] of [...this.timers]) {
      if (due > this.time) continue;
      this.timers.delete(done);
      done();
    }
  }
}

function begin(): { clock: HandClock; queue: ToastQueue; texts: () => string[] } {
  const clock = new HandClock();
  const queue = new ToastQueue(clock);
  return { clock, queue, texts: () => queue.list.map((toast) => toast.text) };
}

describe('a message', () => {
  test('goes after six seconds', () => {
    const { clock, queue, texts } = begin();
    queue.show({ text: 'Copied' });
    clock.pass(5_999);
    expect(texts()).toEqual(['Copied']);
    clock.pass(1);
    expect(texts()).toEqual([]);
  });

  test('with undo stays ten, and undoes once', () => {
    const { clock, queue, texts } = begin();
    let undone = 0;
    const id = queue.show({ text: 'Line deleted', undo: () => (undone += 1) });
    clock.pass(9_000);
    expect(texts()).toEqual(['Line deleted']);
    queue.undo(id);
    queue.undo(id);
    expect([undone, texts()]).toEqual([1, []]);
  });

  test('is not undone after it went', () => {
    const { clock, queue } = begin();
    let undone = 0;
    const id = queue.show({ text: 'Line deleted', undo: () => (undone += 1), timeout: 100 });
    clock.pass(100);
    queue.undo(id);
    expect(undone).toBe(0);
  });

  test('holds while someone looks, and leaves two seconds more', () => {
    const { clock, queue, texts } = begin();
    queue.show({ text: 'one' });
    clock.pass(5_500);
    queue.pause();
    queue.pause();
    clock.pass(60_000);
    expect(texts()).toEqual(['one']);
    queue.resume();
    clock.pass(1_999);
    expect(texts()).toEqual(['one']);
    clock.pass(1);
    expect(texts()).toEqual([]);
  });

  test('that comes during a pause waits too', () => {
    const { clock, queue, texts } = begin();
    queue.pause();
    queue.show({ text: 'late' });
    clock.pass(60_000);
    expect(texts()).toEqual(['late']);
    queue.resume();
    clock.pass(6_000);
    expect(texts()).toEqual([]);
  });
});

test('at most three, the oldest makes room', () => {
  const { queue, texts } = begin();
  for (const text of ['a', 'b', 'c', 'd']) queue.show({ text });
  expect(texts()).toEqual(['b', 'c', 'd']);
});

test('the same words are not doubled and count anew', () => {
  const { clock, queue, texts } = begin();
  queue.show({ text: 'Copied' });
  clock.pass(5_000);
  queue.show({ text: 'Copied' });
  clock.pass(5_000);
  expect(texts()).toEqual(['Copied']);
});

test('two things that can be undone both stay', () => {
  const { queue, texts } = begin();
  queue.show({ text: 'Line deleted', undo: () => undefined });
  queue.show({ text: 'Line deleted', undo: () => undefined });
  expect(texts()).toHaveLength(2);
});
