/** What our own relay says when it refuses is understood by the app, so that it can offer the one thing that helps. */
import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { formatReason } from '#protocol/reasons.ts';
import { repairOf } from '#protocol/repairs.ts';
import { LIMITS, checkLimits, checkWork } from '../../src/server/relay/limits.ts';
import { checkTalk } from '../../src/server/ledger/judge.ts';
import { DAY, MINUTE } from '#shared/time.ts';

const NOW = 1_800_000_000;
const line = (created_at: number, kind: number = kinds.NOTE) => ({
  kind,
  tags: [['h', 'plaza']],
  content: 'hello',
  created_at,
  id: 'a'.repeat(64),
  pubkey: 'b'.repeat(64),
  sig: 'c'.repeat(128),
});
const wordsAt = (created_at: number): string => {
  const checked = checkLimits(line(created_at), NOW);
  return checked.ok ? '' : formatReason(checked.error);
};

test('a line that waited too long, and one from a clock that runs ahead, are offered today’s date', () => {
  const because = (created_at: number) => repairOf(wordsAt(created_at), kinds.NOTE);
  expect(because(NOW - LIMITS.lateInPlace - 1)).toEqual({ way: 'resign', because: 'old' });
  expect(because(NOW - 8 * DAY)).toEqual({ way: 'resign', because: 'old' });
  expect(because(NOW - LIMITS.past - 1)).toEqual({ way: 'resign', because: 'old' });
  expect(because(NOW + LIMITS.future + 1)).toEqual({ way: 'resign', because: 'ahead' });
  expect(wordsAt(NOW)).toBe('');
  expect(wordsAt(NOW + LIMITS.future - MINUTE)).toBe('');
});

test('too little work is mined anew with as many bits as the relay wants', () => {
  const checked = checkWork(line(NOW, kinds.CREATE_GROUP), 'real');
  const words = checked.ok ? '' : formatReason(checked.error);
  expect(repairOf(words, kinds.CREATE_GROUP)).toEqual({ way: 'remine', bits: 28 });
});

test('who is outside is offered to join', () => {
  const state = {
    id: 'plaza',
    createdBy: 'd'.repeat(64),
    createdAt: 1,
    updatedAt: 1,
    profile: {
      name: 'Plaza',
      about: '',
      modes: { private: false, restricted: true, closed: false, hidden: false },
    },
    members: new Map(),
    invites: new Map(),
    pins: [],
    parent: undefined,
    childOrder: [],
    deleted: false,
  };
  const talk = checkTalk(state, line(NOW), { operators: new Set() });
  expect(talk.ok || repairOf(formatReason(talk.error), kinds.NOTE)).toEqual({ way: 'join' });
  const ended = checkTalk({ ...state, deleted: true }, line(NOW), { operators: new Set() });
  expect(ended.ok || repairOf(formatReason(ended.error), kinds.NOTE)).toBeUndefined();
});
