import { expect, test } from 'vitest';
import type { LineRow } from '../rows/tables.ts';
import { troublesOf } from './troubles.ts';

const OLD = 'invalid: in a place created_at is at most 604800 seconds ago';
const OUTSIDE = 'restricted: only members write in this place';
const line = (id: string, reason?: string, more: Partial<LineRow> = {}): LineRow => ({
  id,
  group: 'plaza',
  author: 'me',
  text: id,
  at: 1,
  kind: 1,
  mentions: [],
  state: reason === undefined ? 'sent' : 'failed',
  ...(reason === undefined ? {} : { reason }),
  relays: [],
  ...more,
});
const together = (...lines: LineRow[]) =>
  Object.fromEntries([...troublesOf(lines, 'me')].map(([id, trouble]) => [id, trouble.together.join(' ')]));

test('a lone line is mended alone', () => {
  const troubles = troublesOf([line('a'), line('b', OLD), line('c')], 'me');
  expect([...troubles]).toEqual([
    ['b', { repair: { way: 'resign', because: 'old' }, together: ['b'], hasMore: false }],
  ]);
});

test('lines that follow each other are offered together, at the last of them', () => {
  expect(together(line('a', OLD), line('b', OLD), line('c', OLD), line('d'))).toEqual({
    a: 'a',
    b: 'b',
    c: 'a b c',
  });
});

test('a line that was taken, another’s line or another trouble ends the run', () => {
  expect(
    together(
      line('a', OLD),
      line('b'),
      line('c', OLD),
      line('d', OUTSIDE),
      line('e', OUTSIDE),
      line('f', OLD),
      line('g', undefined, { author: 'ben' }),
      line('h', OLD),
    ),
  ).toEqual({ a: 'a', c: 'c', d: 'd', e: 'd e', f: 'f', h: 'h' });
});

test('too old and too new are one run: the same date mends both', () => {
  expect(
    together(line('a', OLD), line('b', 'invalid: created_at is more than 900 seconds in the future')),
  ).toEqual({
    a: 'a',
    b: 'a b',
  });
});

test('work is asked line by line, and what nobody can mend is not gathered', () => {
  expect(together(line('a', 'pow: 1 needs 8 bits'), line('b', 'pow: 1 needs 9 bits'))).toEqual({
    a: 'a',
    b: 'b',
  });
  expect(together(line('a', 'mute: no'), line('b', 'mute: no'))).toEqual({ a: 'a', b: 'b' });
});

test('hidden and deleted lines and those of others are no trouble', () => {
  const lines = [
    line('a', OLD),
    line('b', OLD),
    line('c', OLD, { deletedBy: 'me' }),
    line('d', OLD, { author: 'ben' }),
  ];
  expect([...troublesOf(lines, 'me', new Set(['b'])).keys()]).toEqual(['a']);
  expect(troublesOf(lines, undefined).size).toBe(0);
});
