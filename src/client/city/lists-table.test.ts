import { expect, test } from 'vitest';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { currentVersion, listKey, listsTable } from './lists-table.ts';

const pubkey = fakeKey('a1');
const older = fakeEvent({ kind: 10002, pubkey, created_at: 100 });
const newer = fakeEvent({ kind: 10002, pubkey, created_at: 200 });

test('no row has no current version', () => {
  expect(currentVersion(undefined)).toBeUndefined();
  expect(currentVersion({ pubkey, kind: 10002 })).toBeUndefined();
});

test('the newer of what was seen and what was written counts', () => {
  expect(currentVersion({ pubkey, kind: 10002, seen: older, written: newer })).toBe(newer);
  expect(currentVersion({ pubkey, kind: 10002, seen: newer, written: older })).toBe(newer);
  expect(currentVersion({ pubkey, kind: 10002, written: older })).toBe(older);
});

test('a refused version does not count', () => {
  expect(currentVersion({ pubkey, kind: 10002, seen: older, written: newer, refused: true })).toBe(older);
  expect(currentVersion({ pubkey, kind: 10002, written: newer, refused: true })).toBeUndefined();
});

test('a list has one row for each person and kind', () => {
  expect(listsTable.id({ pubkey, kind: 10002, seen: older })).toBe(listKey(pubkey, 10002));
  expect(listKey(pubkey, 10002)).not.toBe(listKey(pubkey, 10009));
});
