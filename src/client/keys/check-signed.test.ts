import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import type { EventTemplate } from 'nostr-tools/pure';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson } from '../../../tests/support/wire-arbitraries.ts';
import { checkSigned, plainDraft } from './check-signed.ts';

const secret = generateSecretKey();
const pubkey = getPublicKey(secret);
const draft = { kind: 1, created_at: 1_800_000_000, content: 'hello', tags: [['h', 'group']] };
const signed = () => ({ ...finalizeEvent(plainDraft(draft), secret) });

test('the draft’s own event passes, without foreign fields', () => {
  const result = checkSigned({ ...signed(), extra: 1 }, draft, pubkey);
  expect(result.ok && Object.keys(result.value).sort()).toEqual([
    'content',
    'created_at',
    'id',
    'kind',
    'pubkey',
    'sig',
    'tags',
  ]);
});

test('every changed field is noticed, even when it is signed well', () => {
  const changes = [
    ['the kind', { kind: 2 }],
    ['the text', { content: 'hullo' }],
    ['the time', { created_at: 1_800_000_001 }],
    ['the tags', { tags: [['h', 'other']] }],
    ['the tags', { tags: [] }],
    ['the time and the tags', { created_at: 5, tags: [] }],
    ['the kind, the time, the tags and the text', { kind: 2, created_at: 5, tags: [], content: '' }],
  ] as const;
  for (const [field, change] of changes) {
    const other = finalizeEvent({ ...plainDraft(draft), ...change } as EventTemplate, secret);
    const result = checkSigned(other, draft, pubkey);
    expect(result).toMatchObject({ ok: false, error: { code: 'changed' } });
    expect(result.ok ? '' : result.error.message).toContain(`changed ${field} before signing`);
  }
});

test('another key, a wrong id and a wrong signature are noticed', () => {
  const foreign = finalizeEvent(plainDraft(draft), generateSecretKey());
  const wordsOf = (value: unknown) => {
    const result = checkSigned(value, draft, pubkey);
    return result.ok ? '' : result.error.message;
  };
  expect(wordsOf(foreign)).toContain('another account');
  expect(wordsOf({ ...signed(), id: 'a'.repeat(64) })).toContain('an id that is not its own');
  expect(wordsOf({ ...signed(), sig: 'a'.repeat(128) })).toContain('a signature that does not hold');
});

test('anything else is refused without a throw', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(checkSigned(value, draft, pubkey).ok).toBe(false);
    }),
  );
});

test('a plain draft shares nothing with the original', () => {
  const plain = plainDraft(draft);
  plain.tags[0]?.push('x');
  expect(draft.tags).toEqual([['h', 'group']]);
});
