import { expect, test } from 'vitest';
import { askForLooks, askForSync, OUTBOX_SYNC } from './background-sync.ts';

const refuse = { register: () => Promise.reject(new DOMException('no', 'NotAllowedError')) };

test('asks for one wake where the browser has it, and says when it has not or will not', async () => {
  const asked: string[] = [];
  const sync = { register: async (tag: string) => void asked.push(tag) };
  expect(await askForSync({ sync })).toBe('asked');
  expect(asked).toEqual([OUTBOX_SYNC]);
  expect(await askForSync({})).toBe('missing');
  expect(await askForSync({ sync: refuse })).toBe('refused');
});

test('looks now and then are asked for twice a day at most', async () => {
  const asked: unknown[] = [];
  const periodicSync = { register: async (...given: unknown[]) => void asked.push(given) };
  expect(await askForLooks({ periodicSync })).toBe(true);
  expect(asked).toEqual([[OUTBOX_SYNC, { minInterval: 43_200_000 }]]);
  expect(await askForLooks({})).toBe(false);
  expect(await askForLooks({ periodicSync: refuse })).toBe(false);
});
