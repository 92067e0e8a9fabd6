import { expect, test } from 'vitest';
import { talkSummaries } from './talk-summary.ts';

const [anna, ben] = ['a'.repeat(64), 'b'.repeat(64)];
const row = (id: string, lastAt: number) => ({
  id,
  lastAt,
  lastText: `said ${lastAt}`,
  unread: 1,
  draft: '',
});

test('private talks only, the newest first, with their people', () => {
  const rows = [
    row('square', 9),
    row(`~${anna}`, 3),
    row(`~${anna},${ben}`, 5),
    row(`~${ben}`, 0),
    row('~x', 8),
  ];
  expect(talkSummaries(rows, ({ lastText }) => lastText.toUpperCase())).toEqual([
    { id: `~${anna},${ben}`, people: [anna, ben], at: 5, said: 'SAID 5', unread: 1 },
    { id: `~${anna}`, people: [anna], at: 3, said: 'SAID 3', unread: 1 },
  ]);
});
