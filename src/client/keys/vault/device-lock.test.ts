import { expect, test } from 'vitest';
import { openOnDevice, sealOnDevice } from './device-lock.ts';

const secret = crypto.getRandomValues(new Uint8Array(32));

test('opens for its owner, also after being stored', async () => {
  const sealed = await sealOnDevice(secret, 'owner');
  expect(await openOnDevice(sealed, 'owner')).toEqual(secret);
  expect(await openOnDevice(structuredClone(sealed), 'owner')).toEqual(secret);
});

test('the key cannot be taken out, and the bytes hold no secret', async () => {
  const { key, bytes } = await sealOnDevice(secret, 'owner');
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  expect(Buffer.from(bytes).includes(Buffer.from(secret))).toBe(false);
});

test('another owner, another key and damaged bytes open nothing', async () => {
  const sealed = await sealOnDevice(secret, 'owner');
  const other = await sealOnDevice(secret, 'owner');
  expect(await openOnDevice(sealed, 'somebody')).toBeUndefined();
  expect(await openOnDevice({ ...sealed, key: other.key }, 'owner')).toBeUndefined();
  expect(await openOnDevice({ ...sealed, bytes: sealed.bytes.slice(1) }, 'owner')).toBeUndefined();
});
