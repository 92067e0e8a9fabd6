import { expect, test } from 'vitest';
import { KeptRates } from './rate-memory.ts';

const storageOf = (kept?: string) => {
  let text: string | null = kept ?? null;
  return {
    getItem: () => text,
    setItem: (_key: string, value: string) => {
      text = value;
    },
  };
};

test('a rate comes back on the next visit, for the same number of workers', () => {
  const storage = storageOf();
  new KeptRates(storage).write(2, 9_000_000.4);
  new KeptRates(storage).write(1, 5_000_000);
  expect(new KeptRates(storage).read(2)).toBe(9_000_000);
  expect(new KeptRates(storage).read(1)).toBe(5_000_000);
  expect(new KeptRates(storage).read(4)).toBeUndefined();
});

test.each(['', 'null', '[', '{"2":"many"}', '{"2":-5}', '{"2":null}', '7'])('%j is no rate', (kept) => {
  const rates = new KeptRates(storageOf(kept));
  expect(rates.read(2)).toBeUndefined();
  rates.write(2, 100);
  expect(rates.read(2)).toBe(100);
});

test('a storage that refuses is lived with', () => {
  const rates = new KeptRates({
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('full');
    },
  });
  rates.write(2, 5);
  expect(rates.read(2)).toBeUndefined();
});
