import { expect, test } from 'vitest';
import { judge, MOST_ERRORS } from './verdict.ts';

const refused = (reason: string) => ({ outcome: 'refused', reason }) as const;

test.each([
  ['duplicate: have it', { verdict: 'accepted', note: 'duplicate: have it' }],
  ['rate-limited: slow down', { verdict: 'later' }],
  ['error: database', { verdict: 'later' }],
  ['auth-required: who?', { verdict: 'signed-out' }],
  ['pow: 1 needs 20 bits', { verdict: 'refused', reason: 'pow: 1 needs 20 bits' }],
  ['restricted: members only', { verdict: 'refused', reason: 'restricted: members only' }],
  ['invalid: too long', { verdict: 'refused', reason: 'invalid: too long' }],
])('%s', (reason, verdict) => {
  expect(judge(refused(reason), 0)).toEqual(verdict);
});

test('accepted is accepted; silence is later', () => {
  expect(judge({ outcome: 'accepted', note: 'fine' }, 0)).toEqual({ verdict: 'accepted', note: 'fine' });
  expect(judge({ outcome: 'no-answer' }, 99)).toEqual({ verdict: 'later' });
});

test('trouble that does not end is a refusal, a busy relay never is', () => {
  expect(judge(refused('error: x'), MOST_ERRORS - 2)).toEqual({ verdict: 'later' });
  expect(judge(refused('no prefix at all'), MOST_ERRORS - 1)).toEqual({
    verdict: 'refused',
    reason: 'no prefix at all',
  });
  expect(judge(refused('rate-limited: x'), 99)).toEqual({ verdict: 'later' });
});
