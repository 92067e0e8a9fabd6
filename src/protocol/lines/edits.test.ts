import { expect, test } from 'vitest';
import type { NostrEvent } from '../event.ts';
import { countsFor, EDIT_WITHIN, makeEdit, parseEdit } from './edits.ts';

const [line, other, anna, eve] = ['1', '2', 'a', 'e'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
  string,
];
const AT = 1_800_000_000;
const event = (change: Partial<NostrEvent> = {}): NostrEvent => ({
  ...makeEdit('quay', line, 'Meet me at eight'),
  id: '3'.repeat(64),
  pubkey: anna,
  created_at: AT + 60,
  sig: '',
  ...change,
});

test('an edit says one line anew', () => {
  expect(parseEdit(event())).toEqual({
    id: '3'.repeat(64),
    group: 'quay',
    line,
    author: anna,
    text: 'Meet me at eight',
    at: AT + 60,
  });
});

test.each([
  [
    'of two lines',
    event({
      tags: [
        ['h', 'quay'],
        ['e', line],
        ['e', other],
      ],
    }),
  ],
  ['of none', event({ tags: [['h', 'quay']] })],
  [
    'of something that is no id',
    event({
      tags: [
        ['h', 'quay'],
        ['e', 'all'],
      ],
    }),
  ],
  ['without a place', event({ tags: [['e', line]] })],
  ['of another kind', event({ kind: 1 })],
])('no edit: one %s', (_, changed) => expect(parseEdit(changed)).toBeUndefined());

const said = { author: anna, group: 'quay', at: AT };
test.each([
  ['at once', { at: AT }, true],
  ['in the last second', { at: AT + EDIT_WITHIN }, true],
  ['a second too late', { at: AT + EDIT_WITHIN + 1 }, false],
  ['before the line was said', { at: AT - 1 }, false],
  ['by somebody else', { author: eve }, false],
  ['from another place', { group: 'bridge' }, false],
])('an edit %s', (_, change, counts) => {
  expect(countsFor({ author: anna, group: 'quay', at: AT + 60, ...change }, said)).toBe(counts);
});
