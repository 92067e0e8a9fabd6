import { expect, test } from 'vitest';
import { parseInboxRelays } from './inboxes.ts';
import { makeReceipt, parseReceipt } from './receipts.ts';
import { isTypingNow, makeTyping, TYPING_HOLDS } from './typing.ts';

const line = '1'.repeat(64);
const NOW = 1_800_000_000;

test.each(['delivered', 'read'] as const)('a receipt that something is %s', (status) => {
  expect(parseReceipt(makeReceipt({ line, status }))).toEqual({ line, status });
});

test.each([
  [
    'of another kind',
    {
      kind: 14,
      tags: [
        ['e', line],
        ['status', 'read'],
      ],
    },
  ],
  [
    'for two lines',
    {
      kind: 20014,
      tags: [
        ['e', line],
        ['e', line],
        ['status', 'read'],
      ],
    },
  ],
  ['for no line', { kind: 20014, tags: [['status', 'read']] }],
  [
    'for something that is no id',
    {
      kind: 20014,
      tags: [
        ['e', 'all'],
        ['status', 'read'],
      ],
    },
  ],
  [
    'of a status that is not one',
    {
      kind: 20014,
      tags: [
        ['e', line],
        ['status', 'loved'],
      ],
    },
  ],
])('no receipt: one %s', (_, rumor) => expect(parseReceipt(rumor)).toBeUndefined());

test('the inboxes of a person: three at most, each once, in one spelling', () => {
  const relays = [
    'wss://A.example/',
    'wss://a.example',
    'https://no.example',
    'wss://b.example/in',
    'nonsense',
  ];
  const tags = [...relays, 'wss://c.example', 'wss://d.example'].map((relay) => ['relay', relay]);
  expect(parseInboxRelays({ kind: 10050, tags })).toEqual([
    'wss://a.example',
    'wss://b.example/in',
    'wss://c.example',
  ]);
  expect(parseInboxRelays({ kind: 10002, tags })).toBeUndefined();
  expect(parseInboxRelays({ kind: 10050, tags: [] })).toEqual([]);
});

test('writing holds for some seconds, whichever clock is ahead', () => {
  const said = { ...makeTyping('quay'), created_at: NOW };
  expect([0, TYPING_HOLDS, -TYPING_HOLDS].map((after) => isTypingNow(said, NOW + after))).toEqual([
    true,
    true,
    true,
  ]);
  expect([11, -11, 86_400].map((after) => isTypingNow(said, NOW + after))).toEqual([false, false, false]);
  expect(isTypingNow({ kind: 14, created_at: NOW }, NOW)).toBe(false);
});
