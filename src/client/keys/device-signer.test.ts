import { verifyEvent } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { DeviceSigner, makeSecretKey, publicKeyOf } from './device-signer.ts';

const draft = { kind: 1, created_at: 1_800_000_000, content: 'hello', tags: [['h', 'group']] };

test('signs with its key', async () => {
  const secret = makeSecretKey();
  const signer = new DeviceSigner(secret);
  const event = await signer.sign(draft);
  if (!event.ok) throw new Error(event.error.message);
  expect(event.value.pubkey).toBe(publicKeyOf(secret));
  expect(verifyEvent({ ...event.value, tags: event.value.tags.map((tag) => [...tag]) })).toBe(true);
});

test('signs nothing once it has forgotten', async () => {
  const signer = new DeviceSigner(makeSecretKey());
  signer.forget();
  expect(await signer.sign(draft)).toMatchObject({ ok: false, error: { code: 'refused' } });
});

test('keeps its own copy: the caller may wipe the bytes', async () => {
  const secret = makeSecretKey();
  const signer = new DeviceSigner(secret);
  secret.fill(0);
  expect((await signer.sign(draft)).ok).toBe(true);
});

test('two keys are two keys', () => {
  expect(publicKeyOf(makeSecretKey())).not.toBe(publicKeyOf(makeSecretKey()));
});
