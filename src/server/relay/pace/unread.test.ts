import { expect, test } from 'vitest';
import { Unread } from './unread.ts';

const crowd = (unread: Unread, sizes: readonly number[]) => {
  const cut: number[] = [];
  sizes.forEach((bytes, number) => unread.join({ unsent: () => bytes, cut: () => cut.push(number) }));
  return cut;
};

test('the slowest are cut until half is left, and only when there is too much', () => {
  const unread = new Unread(800);
  const cut = crowd(unread, [100, 500, 50, 300]);
  unread.add(99);
  expect(cut).toEqual([]);
  unread.add(1);
  expect(cut).toEqual([1, 3]);
});

test('as much as is allowed may wait; who has left counts no more', () => {
  const unread = new Unread(800);
  const cut = crowd(unread, [400, 400]);
  const gone = { unsent: () => 800, cut: () => cut.push(9) };
  unread.join(gone);
  unread.leave(gone);
  unread.add(1000);
  expect(cut).toEqual([]);
});
