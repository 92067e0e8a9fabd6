import { expect, test } from 'vitest';
import { sealedBytes } from './sealed-bytes.ts';

test('what leaves is a little more than what was chosen', () => {
  expect(sealedBytes([], 'en')).toBe('0 byte');
  expect(sealedBytes([984], 'en')).toBe('1 kB');
  expect(sealedBytes([1_000_000, 1_500_000], 'en')).toBe('2.5 MB');
  expect(sealedBytes([2_000_000_000], 'en')).toBe('2 GB');
});
