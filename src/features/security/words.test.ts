import { expect, test } from 'vitest';
import { AUTO_LOCKS } from '#client/store/profiles/profile-record.ts';
import { autoLockWords, countdown, newPassphraseError, problemWords } from './words.ts';

test('a countdown never shows nothing while there is something', () => {
  expect([0, 1, 999, 1000, 1001, 59_000, 60_000, 899_001, 900_000].map(countdown)).toEqual([
    '0:00',
    '0:01',
    '0:01',
    '0:01',
    '0:02',
    '0:59',
    '1:00',
    '15:00',
    '15:00',
  ]);
});

test('each choice of time in words', () => {
  expect(AUTO_LOCKS.map(autoLockWords)).toEqual([
    'Never',
    '30 seconds',
    '1 minute',
    '5 minutes',
    '15 minutes',
    '30 minutes',
  ]);
});

test('every failure of the keeper has a sentence of its own, others speak for themselves', () => {
  const codes = [
    'wrong',
    'erased',
    'unsupported',
    'cancelled',
    'failed',
    'locked',
    'empty',
    'same',
    'needed',
  ];
  const said = codes.map((code) => problemWords({ code, message: 'raw' }));
  expect(new Set(said).size).toBe(codes.length);
  expect(said).not.toContain('raw');
  expect(problemWords({ code: 'new', message: 'raw' })).toBe('raw');
});

test('eight characters at least, counted as a person counts', () => {
  expect(newPassphraseError('1234567')).toMatch(/8/);
  expect(newPassphraseError('12345678')).toBeUndefined();
  expect(newPassphraseError('😀😀😀😀😀😀😀')).toMatch(/8/);
});
