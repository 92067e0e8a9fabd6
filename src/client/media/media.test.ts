import { expect, test } from 'vitest';
import { uploadsOf } from './media.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

test('a line waits for its files and their small pictures, each once', () => {
  const files = [
    { hash: a, thumb: `https://city.test/${b}.webp` },
    { hash: a },
    { thumb: 'https://elsewhere.test/no-hash.webp' },
  ];
  expect(uploadsOf(files)).toEqual([a, b]);
  expect(uploadsOf([])).toEqual([]);
});
