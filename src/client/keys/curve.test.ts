import { v2 } from 'nostr-tools/nip44';
import { generateSecretKey, getPublicKey, verifyEvent } from 'nostr-tools/pure';
import { beforeAll, expect, test } from 'vitest';
import { bytesToHex } from '#shared/bytes.ts';
import { createCurve } from './curve.ts';
import type { Curve } from './curve.ts';

let curve: Curve;
beforeAll(async () => {
  curve = await createCurve();
});

test('what is no key is refused', () => {
  for (const peer of ['', 'zz', '00'.repeat(32), 'ff'.repeat(32), '00'.repeat(31)])
    expect(() => curve.conversationKey(generateSecretKey(), peer)).toThrow();
});

test('any two people find one key, the same as the other library’s', () => {
  for (let n = 0; n < 25; n++) {
    const [a, b] = [generateSecretKey(), generateSecretKey()];
    const key = bytesToHex(curve.conversationKey(a, getPublicKey(b)));
    expect(key).toBe(bytesToHex(curve.conversationKey(b, getPublicKey(a))));
    expect(key).toBe(bytesToHex(v2.utils.getConversationKey(a, getPublicKey(b))));
  }
});

test('what it signs holds by the other library, and the draft stays as it was', () => {
  const secret = generateSecretKey();
  const draft = { kind: 13, created_at: 1_800_000_000, content: 'für 🏙️', tags: [['p', 'x']] };
  const event = curve.finalize(draft, secret);
  expect(verifyEvent({ ...event, tags: event.tags.map((tag) => [...tag]) })).toBe(true);
  expect(event).toMatchObject({ ...draft, pubkey: getPublicKey(secret) });
  expect(Object.keys(draft)).toEqual(['kind', 'created_at', 'content', 'tags']);
});
