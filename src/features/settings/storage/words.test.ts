import { expect, test } from 'vitest';
import { bytesOf, measureCaches, partsOf } from './parts.ts';
import { reminderOf } from './reminder.ts';
import { failureWords, lackWords, lossWords } from './words.ts';

const DAY = 86_400;
const now = 1_800_000_000;

test('the bar has a part for all that takes something, and for nothing else', () => {
  const parts = partsOf({ log: 10, rows: 5, words: 0, other: 1, blobs: 0 }, { map: 3, app: 4 });
  expect(parts.map(({ name }) => name)).toEqual(['log', 'rows', 'map', 'app', 'other']);
  expect(bytesOf(parts)).toBe(23);
  expect(partsOf(undefined, undefined)).toEqual([]);
});

test('caches are measured by what they hold, the map apart', async () => {
  const held: Record<string, string> = { 'http://a.test/map/x.bin': '12345', 'http://a.test/app.js': '123' };
  const cache = {
    keys: async () => Object.keys(held).map((url) => new Request(url)),
    match: async ({ url }: Request) => new Response(held[url]),
  };
  const port = { keys: async () => ['one'], open: async () => cache as unknown as Cache };
  expect(await measureCaches(port)).toEqual({ map: 5, app: 3 });
  expect(await measureCaches({ ...port, keys: async () => [] })).toEqual({ map: 0, app: 0 });
});

test('reminders are for those with an account, seldom, and only if much came since', () => {
  const asked = { hasAccount: true, remindedAt: undefined, now };
  expect(reminderOf({ events: 1 }, asked)).toBe('first');
  expect(reminderOf({ events: 1 }, { ...asked, hasAccount: false })).toBeUndefined();
  expect(reminderOf({ events: 1 }, { ...asked, remindedAt: now - DAY })).toBeUndefined();
  expect(reminderOf({ events: 1 }, { ...asked, remindedAt: now + DAY })).toBe('first');
  const old = { at: now - 31 * DAY, events: 50 };
  expect(reminderOf({ events: 149, lastBackup: old }, asked)).toBeUndefined();
  expect(reminderOf({ events: 150, lastBackup: old }, asked)).toBe('old');
  expect(reminderOf({ events: 900, lastBackup: { ...old, at: now - DAY } }, asked)).toBeUndefined();
});

test('every reason has its own sentence', () => {
  const reasons = [
    'cancelled',
    'wrong',
    'wait',
    'foreign',
    'newer',
    'damaged',
    'unreadable',
    'other',
    'full',
    '?',
  ];
  const words = reasons.map((reason) => failureWords({ work: 'check', ok: false, reason, wait: 5001 }));
  expect(new Set(words).size).toBe(reasons.length);
  expect(words[2]).toContain('6');
  expect(failureWords({ work: 'rebuild', ok: false, reason: 'cancelled' })).not.toBe(words[0]);
  expect(failureWords({ work: 'check', ok: true })).toBe('');
});

test('losses are told with about when', () => {
  const loss = { from: 1, to: 1200, events: 1200 };
  expect(lossWords(loss, 'en')).toBe('1,200 pieces');
  expect(lossWords({ ...loss, after: 0, before: 9 }, 'en')).toContain('Jan');
  expect(lossWords({ ...loss, after: 0, before: 99 * DAY }, 'en')).toContain('between');
  expect(lossWords({ ...loss, after: 0 }, 'en')).toContain('after');
  expect(lossWords({ ...loss, before: 0 }, 'en')).toContain('before');
});

test('what a backup lacks: nothing for a whole one, else each thing once', () => {
  const report = { profile: 'a', madeAt: 1, events: 2, lost: [], lostOwn: [], isSealed: true, isWhole: true };
  expect(lackWords(report)).toEqual([]);
  const lost = [{ from: 1, to: 2, events: 2 }];
  expect(lackWords({ ...report, lost, lostOwn: ['vault'], isSealed: false, isWhole: false })).toHaveLength(3);
});
