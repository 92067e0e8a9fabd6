import { expect, test } from 'vitest';
import { refuseMetrics } from './metrics-door.ts';

const door = { token: 'a-long-enough-token' };

test('without a setting there is nothing to see, whoever asks', () => {
  expect(refuseMetrics(undefined, undefined)?.status).toBe(404);
  expect(refuseMetrics(undefined, 'Bearer a-long-enough-token')?.status).toBe(404);
});

test('open is open', () => {
  expect(refuseMetrics('open', undefined)).toBeUndefined();
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Basic a-long-enough-token',
  'Bearer a-long-enough-toke',
  'Bearer x y',
])('with a token %j is refused', (given) => {
  expect(refuseMetrics(door, given)).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
  });
});

test('the token opens', () => {
  expect(refuseMetrics(door, 'Bearer a-long-enough-token')).toBeUndefined();
  expect(refuseMetrics(door, 'bearer  a-long-enough-token')).toBeUndefined();
});
