import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AdminNumbers, AdminReport, AdminRules } from './admin.ts';
import {
  readAdminDays,
  readAdminNumbers,
  readAdminRefusal,
  readAdminReports,
  readAdminRules,
} from './answers.ts';

const over = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const KEY = 'b'.repeat(64);

test('what the city sends is read back the same', () => {
  const days = [{ day: '2026-11-22', kind: 1, count: 5, authors: 2 }];
  expect(readAdminDays(over({ days }))).toEqual(days);
  const numbers: AdminNumbers = {
    ...{ events: 9, eventsToday: 4, peopleToday: 2, places: 1, connections: 3 },
    ...{ databaseBytes: 10, memoryBytes: 20, uptimeSeconds: 30 },
    stored: [{ kind: 1, count: 9, bytes: 100 }],
    jobs: [{ name: 'backup', state: 'running', startedAt: 1, progress: 0.5 }],
  };
  expect(readAdminNumbers(over(numbers))).toEqual(numbers);
  const report: AdminReport = {
    ...{ target: KEY, about: 'event', author: KEY, kind: 1, place: 'well', text: 'x', isGone: false },
    ...{ reporters: 2, types: ['spam', 'other'], words: ['no'], newest: 5 },
    end: { done: 'taken', by: KEY, at: 6 },
  };
  expect(readAdminReports(over({ reports: [report] }))).toEqual([report]);
  const rules: AdminRules = {
    ...{ name: 'City', description: '', allowListOnly: true, allowed: [], addresses: [] },
    banned: [{ name: KEY, reason: 'x', by: KEY, at: 1 }],
    disallowedKinds: [4],
  };
  expect(readAdminRules(over(rules))).toEqual(rules);
  expect(readAdminRefusal({ code: 'conflict', message: 'no' })).toEqual({ code: 'conflict', message: 'no' });
});

test('what is missing is empty, what is malformed is left out', () => {
  expect(readAdminDays({ days: [{ day: 'today' }, null, 7] })).toEqual([]);
  expect(readAdminReports({ reports: [{ target: 'x', about: 'event' }] })).toEqual([]);
  expect(readAdminNumbers(undefined)).toMatchObject({ events: 0, stored: [], jobs: [] });
  expect(readAdminRules(null)).toMatchObject({ allowListOnly: false, banned: [] });
  expect(readAdminRefusal('<html>')).toMatchObject({ code: 'error' });
  expect(readAdminRefusal({ code: 'toString', message: 'x' })).toMatchObject({ code: 'error' });
});

test('nothing a server sends makes reading it fail, and numbers are numbers', () => {
  fc.assert(
    fc.property(fc.anything(), (any) => {
      readAdminDays({ days: any });
      readAdminReports({ reports: any });
      readAdminRules(any);
      readAdminRefusal(any);
      expect(Object.values(readAdminNumbers(any)).every((each) => !Number.isNaN(each))).toBe(true);
    }),
  );
});
