import { expect, test } from 'vitest';
import { makeReport, REPORT_MAX } from './reports.ts';

const [person, event] = ['a1'.repeat(32), 'e7'.repeat(32)];

test('a person is reported with the sort of trouble beside them', () => {
  expect(makeReport({ person }, { type: 'spam', words: '  sells things ' })).toEqual({
    kind: 1984,
    content: 'sells things',
    tags: [['p', person, 'spam']],
  });
});

test('an event is reported with its author', () => {
  const { tags } = makeReport({ person, event }, { type: 'illegal', words: '' });
  expect(tags).toEqual([
    ['e', event, 'illegal'],
    ['p', person],
  ]);
});

test('words are cut between characters', () => {
  const { content } = makeReport({ person }, { type: 'other', words: '🍕'.repeat(REPORT_MAX + 5) });
  expect([...content]).toHaveLength(REPORT_MAX);
});
