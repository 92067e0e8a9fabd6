import { expect, test } from 'vitest';
import type { LineRow } from '../rows/tables.ts';
import { lineLabel } from './line-label.ts';

const line = (more: Partial<LineRow> = {}): LineRow => ({
  id: 'a'.repeat(64),
  group: 'quay',
  author: 'ada',
  text: 'At seven at the quay',
  at: 1_800_000_000,
  kind: 1,
  mentions: [],
  state: 'sent',
  relays: [],
  ...more,
});
const nameOf = (pubkey: string): string => pubkey.toUpperCase();
const heard = (more: Partial<Parameters<typeof lineLabel>[0]> = {}) =>
  lineLabel({ line: line(), name: 'Ada', nameOf, time: '14:05', ...more });

test('who, when and what', () => {
  expect(heard()).toBe('Ada, 14:05. At seven at the quay.');
  expect(heard({ line: line({ text: 'Really?' }) })).toBe('Ada, 14:05. Really?');
});

test('what hangs on it, and how far it came', () => {
  const said = heard({
    line: line({
      edited: { at: 5, first: 'x' },
      files: [{ url: 'https://a.example/b.png', type: 'image/png' }],
    }),
    state: 'read',
    reactions: [
      { emoji: '❤️', people: ['ben', 'eve'], mine: [] },
      { emoji: '👍', people: ['ben'], mine: [] },
    ],
    answers: 2,
  });
  expect(said).toBe(
    'Ada, 14:05. At seven at the quay. Picture. edited. Read. Reactions: ❤️ 2, 👍 1. 2 answers.',
  );
});

test('the line it answers is named, also where nobody has it', () => {
  const answer = line({ replyTo: 'b'.repeat(64) });
  expect(heard({ line: answer, quoted: line({ author: 'ben', text: 'When?' }) })).toContain(
    'Answer to BEN: When?',
  );
  expect(heard({ line: answer, quoted: null })).toContain('Answer to a line that is not here.');
  expect(heard({ line: answer, quoted: line({ author: 'ben', text: '', deletedBy: 'ben' }) })).toContain(
    'a deleted line',
  );
});

test('a deleted line says only that', () => {
  const gone = line({ text: '', deletedBy: 'ada', replyTo: 'b'.repeat(64) });
  const reactions = [{ emoji: '❤️', people: ['ben'], mine: [] }];
  expect(heard({ line: gone, state: 'sent', reactions })).toBe('Ada, 14:05. This line was deleted.');
});

test('a line without end has a label with an end, and no tricks of direction in it', () => {
  const said = heard({ line: line({ text: `\u202eevil ${'word '.repeat(20_000)}` }) });
  expect(said.length).toBeLessThan(700);
  expect(said).not.toContain('\u202e');
});
