import { expect, test } from 'vitest';
import { costInWords } from './words.ts';

test('the cost of a place is said in this device’s own seconds', () => {
  expect(costInWords(28, 10_000_000)).toContain(
    'about 27 seconds of work on this device, sometimes three times that',
  );
  expect(costInWords(28, 500_000)).toContain('about 9 minutes of work on this device');
  expect(costInWords(4, 10_000_000)).toMatch(/a moment/);
});

test('before it is measured, an everyday device is meant; nothing asked is nothing said', () => {
  const said = [4, 20, 25, 28].map((bits) => costInWords(bits));
  expect(new Set(said).size).toBe(4);
  expect(said.join(' ')).not.toMatch(/on this device, sometimes/);
  expect(costInWords(0, 10_000_000)).toBe('');
});
