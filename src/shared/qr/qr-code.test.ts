import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { qrSquares } from './qr-code.ts';
import type { QrSquares } from './qr-code.ts';

const drawn = (squares: QrSquares | undefined) =>
  (squares ?? []).map((row) => row.map((one) => (one ? '#' : '.')).join(''));
const digest = (text: string) =>
  createHash('sha256')
    .update(drawn(qrSquares(text)).join('\n'))
    .digest('hex')
    .slice(0, 16);

// Each of these was read back by jsQR 1.4, as were texts of every other length up to 412 bytes.
test('codes are those that a reader of another make has read', () => {
  expect([1, 15, 40, 120, 250, 412].map((length) => digest('s'.repeat(length)))).toEqual([
    '97f9ef098041a45d',
    '4dbf56f643437b7b',
    'd98c51137fc4420b',
    '095283f29e4f360d',
    '2e1928d285bf9c8f',
    '74aa4a8c4fdc94fd',
  ]);
  expect(digest('Ärger — 城市 🏙')).toBe('104ee3b21ca17190');
});

test('three corners, a clock between them, and as many squares as its text needs', () => {
  for (const length of [0, 14, 15, 26, 100, 213, 214, 412]) {
    const rows = drawn(qrSquares('x'.repeat(length)));
    expect((rows.length - 17) % 4).toBe(0);
    expect(rows.every((row) => row.length === rows.length)).toBe(true);
    const corner = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
    expect(rows.slice(0, 7).map((row) => row.slice(0, 7))).toEqual(corner);
    expect(rows.slice(0, 7).map((row) => row.slice(-7))).toEqual(corner);
    expect(rows.slice(-7).map((row) => row.slice(0, 7))).toEqual(corner);
    expect(rows[6]?.slice(8, -8)).toMatch(/^(#\.)*#$/);
  }
});

test('too much for a code is said', () => {
  expect(qrSquares('x'.repeat(413))).toBeUndefined();
  expect(qrSquares('ü'.repeat(207))).toBeUndefined();
});
