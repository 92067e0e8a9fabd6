import { expect, test } from 'vitest';
import { err, fail, ok } from './result.ts';

test('a result is one of two shapes', () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(err('x')).toEqual({ ok: false, error: 'x' });
});

test('a failure has no cause unless one is given', () => {
  expect(Object.keys(fail('hex', 'no').error)).toEqual(['code', 'message']);
  const cause = new Error('why');
  expect(fail('hex', 'no', cause).error.cause).toBe(cause);
});
