import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
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
    { kind: 2 },
    { content: 'hullo' },
    { created_at: 1_800_000_001 },
    { tags: [['h', 'other']] },
    { tags: [] },
  ];
  for (const change of changes) {
    const other = finalizeEvent({ ...plainDraft(draft), ...change }, secret);
    expect(checkSigned(other, draft, pubkey)).toMatchObject({ ok: false, error: { code: 'changed' } });
  }
});

test('another key, a wrong id and a wrong signature are noticed', () => {
  const foreign = finalizeEvent(plainDraft(draft), generateSecretKey());
  expect(checkSigned(foreign, draft, pubkey).ok).toBe(false);
  expect(checkSigned({ ...signed(), id: 'a'.repeat(64) }, draft, pubkey).ok).toBe(false);
  expect(checkSigned({ ...signed(), sig: 'a'.repeat(128) }, draft, pubkey).ok).toBe(false);
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
