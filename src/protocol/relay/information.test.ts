import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson, hex64 } from '../../../tests/support/wire-arbitraries.ts';
import { parseCityInformation } from './information.ts';

test('never throws on any document; with a key it is read, whatever else it says', () => {
  const field = fc.constantFrom('name', 'pow', 'supported_nips', 'self', 'limitation');
  fc.assert(
    fc.property(fc.oneof(anyJson, fc.dictionary(field, anyJson)), hex64, (value, self) => {
      expect(parseCityInformation(value).ok).toBe(false);
      const result = parseCityInformation({ ...(typeof value === 'object' ? value : {}), self });
      if (!result.ok) return void expect.unreachable(result.error.message);
      expect(result.value.self).toBe(self);
      expect(Object.values(result.value.pow).every(Number.isInteger)).toBe(true);
      expect(result.value.supportedNips.every(Number.isInteger)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('wrong parts are left out', () => {
  const self = 'a'.repeat(64);
  expect(
    parseCityInformation({ self, name: 7, pow: { 0: 20, 1: 'x' }, supported_nips: [1, '29', 29.5, 29] }),
  ).toMatchObject({ ok: true, value: { self, name: '', pow: { 0: 20 }, supportedNips: [1, 29] } });
  expect(parseCityInformation({ name: 'x' }).ok).toBe(false);
});
