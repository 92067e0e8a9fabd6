import { expect, test, vi } from 'vitest';
import { HOLD_MS, PanicKey } from './panic-key.svelte.ts';

const ESCAPE = {
  key: 'Escape',
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  isTrusted: true,
};

const setUp = ({ isOn = true } = {}) => {
  let time = 0;
  let look: (() => void) | undefined;
  const erase = vi.fn(() => Promise.resolve());
  const panic = new PanicKey({
    isOn: () => isOn,
    erase,
    now: () => time,
    every: (ear) => {
      look = ear;
      return () => void (look = undefined);
    },
  });
  const pass = (ms: number): void => {
    time += ms;
    look?.();
  };
  return { panic, erase, pass, isLooking: () => look !== undefined };
};

test('held to the end it erases, once', () => {
  const { panic, erase, pass, isLooking } = setUp();
  panic.down(ESCAPE);
  pass(HOLD_MS - 1);
  expect(erase).not.toHaveBeenCalled();
  panic.down(ESCAPE);
  pass(1);
  expect(erase).toHaveBeenCalledOnce();
  expect(panic.state).toBe('erasing');
  panic.down(ESCAPE);
  panic.release();
  expect([panic.state, isLooking()]).toEqual(['erasing', false]);
  expect(erase).toHaveBeenCalledOnce();
});

test('let go, it keeps everything, and the next time begins anew', () => {
  const { panic, erase, pass, isLooking } = setUp();
  panic.down(ESCAPE);
  pass(2900);
  panic.release();
  expect([panic.state, panic.progress, isLooking()]).toEqual(['idle', 0, false]);
  pass(10_000);
  panic.down(ESCAPE);
  pass(200);
  expect(erase).not.toHaveBeenCalled();
  expect(panic.progress).toBeCloseTo(200 / HOLD_MS);
});

test('a press shows nothing, holding does', () => {
  const { panic, pass } = setUp();
  panic.down(ESCAPE);
  pass(300);
  expect(panic.isShown).toBe(false);
  pass(300);
  expect(panic.isShown).toBe(true);
});

test('off, with another key, beside others, or pressed by a script, it does nothing', () => {
  const off = setUp({ isOn: false });
  off.panic.down(ESCAPE);
  expect(off.panic.state).toBe('idle');
  const { panic } = setUp();
  for (const change of [
    { key: 'a' },
    { ctrlKey: true },
    { shiftKey: true },
    { altKey: true },
    { metaKey: true },
    { isTrusted: false },
  ])
    panic.down({ ...ESCAPE, ...change });
  expect(panic.state).toBe('idle');
});

test('should erasing fail, it can be tried again', async () => {
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { panic, erase, pass } = setUp();
  erase.mockRejectedValueOnce(new Error('no disk'));
  panic.down(ESCAPE);
  pass(HOLD_MS);
  await vi.waitFor(() => expect(panic.state).toBe('idle'));
  expect(complaint).toHaveBeenCalledOnce();
  panic.down(ESCAPE);
  pass(HOLD_MS);
  expect(erase).toHaveBeenCalledTimes(2);
  complaint.mockRestore();
});
