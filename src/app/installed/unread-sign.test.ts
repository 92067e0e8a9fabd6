import { beforeEach, expect, test } from 'vitest';
import { countedTitle, unreadTotal, UnreadSign } from './unread-sign.ts';

const CITY = 'Synchrono City';
let title: string;
let badges: number[];
let timers: (() => void)[];

beforeEach(() => {
  title = CITY;
  badges = [];
  timers = [];
});

const sign = (setBadge: ((count: number) => Promise<unknown>) | undefined) =>
  new UnreadSign({
    setBadge,
    title: { get: () => title, set: (next) => (title = next) },
    after(_, done) {
      timers.push(done);
      return () => (timers = timers.filter((each) => each !== done));
    },
  });
const badge = (count: number) => Promise.resolve(badges.push(count));
const rest = () => timers.splice(0).forEach((done) => done());

test('only one’s own places count, and muted ones can be left out', () => {
  const rows = { a: { unread: 2 }, b: { unread: 5 }, stranger: { unread: 40 } };
  const mine = [{ id: 'a' }, { id: 'b' }, { id: 'never spoken in' }];
  expect(unreadTotal(mine, rows)).toBe(7);
  expect(unreadTotal(mine, rows, (id) => id !== 'b')).toBe(2);
});

test('the icon follows after a rest, with the last number only', () => {
  const unread = sign(badge);
  for (const count of [1, 2, 3]) unread.show(count, false);
  expect(badges).toEqual([]);
  rest();
  expect(badges).toEqual([3]);
  unread.show(3, true);
  expect(timers).toEqual([]);
  unread.show(0, false);
  rest();
  expect(badges).toEqual([3, 0]);
});

test('the title says it in a background tab, and is as it was when one comes back', () => {
  const unread = sign(badge);
  unread.show(3, true);
  expect(title).toBe('(3) Synchrono City');
  unread.show(4, true);
  expect(title).toBe('(4) Synchrono City');
  unread.show(4, false);
  expect(title).toBe(CITY);
});

test('a browser without badges, or one that refuses, is no trouble', async () => {
  sign(undefined).show(2, true);
  expect(title).toBe('(2) Synchrono City');
  const unread = sign(() => Promise.reject(new Error('not installed')));
  unread.show(2, false);
  rest();
  await Promise.resolve();
});

test.each([
  [CITY, 0, CITY],
  [CITY, 99, `(99) ${CITY}`],
  [CITY, 1234, `(99+) ${CITY}`],
  [`(99+) ${CITY}`, 1, `(1) ${CITY}`],
  [`(5) ${CITY}`, 0, CITY],
])('%s with %i: %s', (before, count, after) => expect(countedTitle(before, count)).toBe(after));
