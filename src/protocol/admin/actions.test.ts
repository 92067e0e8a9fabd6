import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReportAction, parseRuleAction } from './actions.ts';
import { ADMIN_LIMITS } from './admin.ts';

const KEY = 'a'.repeat(64);

test('what an operator may ask', () => {
  expect(parseRuleAction({ action: 'ban', pubkey: KEY, more: 1 })).toEqual({
    ok: true,
    value: { action: 'ban', pubkey: KEY, reason: '', take: false },
  });
  expect(parseRuleAction({ action: 'allow', pubkey: KEY, reason: ' kind ' })).toMatchObject({
    value: { reason: 'kind' },
  });
  expect(parseRuleAction({ action: 'allow-list', on: true })).toMatchObject({ value: { on: true } });
  expect(parseRuleAction({ action: 'describe', name: 'Harbour' })).toMatchObject({
    value: { name: 'Harbour', description: '' },
  });
  expect(parseReportAction({ action: 'ban', target: KEY, take: true })).toMatchObject({
    value: { take: true },
  });
  expect(parseReportAction({ action: 'reopen', target: KEY })).toMatchObject({ ok: true });
});

test.each<[string, unknown]>([
  ['a short key', { action: 'ban', pubkey: 'a'.repeat(63) }],
  ['upper case', { action: 'ban', pubkey: 'A'.repeat(64) }],
  ['a flag that is none', { action: 'ban', pubkey: KEY, take: 'yes' }],
  ['a long reason', { action: 'ban', pubkey: KEY, reason: 'x'.repeat(ADMIN_LIMITS.reason + 1) }],
  ['half a surrogate pair', { action: 'ban', pubkey: KEY, reason: '\ud800' }],
  ['a long name', { action: 'describe', name: 'x'.repeat(ADMIN_LIMITS.name + 1) }],
  ['a long address', { action: 'block', address: '1'.repeat(65) }],
  ['no action', { pubkey: KEY }],
  ['an action of objects', { action: 'toString' }],
])('refused: %s', (_, value) => {
  expect(parseRuleAction(value)).toMatchObject({ ok: false, error: { code: 'malformed' } });
});

test('anything at all is read or refused, and what is read holds nothing but what was asked', () => {
  const action = fc.oneof(
    fc.constantFrom('ban', 'unban', 'allow', 'block', 'describe', 'allow-list', 'take', 'dismiss'),
    fc.anything(),
  );
  const key = fc.oneof(fc.constant(KEY), fc.anything());
  const value = fc.record({ action, pubkey: key, target: key, reason: fc.anything(), take: fc.anything() });
  fc.assert(
    fc.property(fc.oneof(value, fc.anything()), (any) => {
      for (const parse of [parseRuleAction, parseReportAction]) {
        const parsed = parse(any);
        if (!parsed.ok) expect(parsed.error.code).toBe('malformed');
        else expect(JSON.parse(JSON.stringify(parsed.value))).toEqual(parsed.value);
      }
    }),
  );
});
