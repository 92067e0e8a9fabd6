import { expect, test } from 'vitest';
import { within } from './within.ts';

const never = new Promise<never>(() => undefined);

test('a value in time is the value', async () => {
  expect(await within(Promise.resolve(7), 50)).toEqual({ ok: true, value: 7 });
});

test('a refusal keeps its words, whatever was thrown', async () => {
  expect(await within(Promise.reject(new Error('no')), 50)).toMatchObject({
    error: { code: 'rejected', message: 'no' },
  });
  expect(await within(Promise.reject('never'), 50)).toMatchObject({ error: { message: 'never' } });
  expect(await within(Promise.reject(undefined), 50)).toMatchObject({ error: { code: 'rejected' } });
});

test('silence ends', async () => {
  expect(await within(never, 5)).toMatchObject({ error: { code: 'timeout' } });
});

test('the signal ends it, before and while waiting', async () => {
  expect(await within(never, 1000, AbortSignal.abort())).toMatchObject({ error: { code: 'aborted' } });
  const controller = new AbortController();
  const waiting = within(never, 1000, controller.signal);
  controller.abort();
  expect(await waiting).toMatchObject({ error: { code: 'aborted' } });
});
