import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter.ts';

test('the rate is what was done a second', () => {
  const meter = new RateMeter(0);
  for (let at = 100; at <= 1000; at += 100) meter.add(50, at);
  expect(meter.rate(1000)).toBe(500);
  expect(meter.total).toBe(500);
});

test('only the last seconds count', () => {
  const meter = new RateMeter(0, 1000);
  meter.add(1_000_000, 10);
  for (let at = 1100; at <= 2000; at += 100) meter.add(10, at);
  expect(meter.rate(2000)).toBe(100);
  expect(meter.total).toBe(1_000_100);
});

test('nothing done is no rate', () => {
  expect(new RateMeter(5).rate(5)).toBe(0);
});
