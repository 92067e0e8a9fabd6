import { encrypt } from 'nostr-tools/nip49';
import { expect, test } from 'vitest';
import { bytesToHex } from '#shared/bytes.ts';
import { noAttempts } from '../../store/seal/attempts.ts';
import { movedVaultRecord } from './plain-record.ts';

const pubkey = 'ab'.repeat(32);
const secret = new Uint8Array(32).fill(7);
const ncryptsec = encrypt(secret, 'x', 1);
const device = { v: 1, kind: 'device', pubkey, ncryptsec, attempts: noAttempts };

/** As the first version sealed it: a key of its own, its owner bound to it. */
const sealedFor = async (owner: string) => {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const cipher = { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(owner) };
  return { key, iv, bytes: new Uint8Array(await crypto.subtle.encrypt(cipher, key, secret)) };
};

test('a key that lay open comes along', async () => {
  expect(await movedVaultRecord({ ...device, open: await sealedFor(pubkey) })).toEqual({
    ...device,
    v: 2,
    secret: bytesToHex(secret),
  });
});

test('a locked key stays under its passphrase, and so does one whose seal is another’s', async () => {
  expect(await movedVaultRecord(device)).toEqual({ ...device, v: 2 });
  expect(await movedVaultRecord({ ...device, open: await sealedFor('cd'.repeat(32)) })).toEqual({
    ...device,
    v: 2,
  });
});

test('extensions and remote signers come along', async () => {
  expect(await movedVaultRecord({ v: 1, kind: 'extension', pubkey })).toEqual({
    v: 2,
    kind: 'extension',
    pubkey,
  });
  const address = `bunker://${pubkey}?relay=wss%3A%2F%2Fa.test`;
  const own = await sealedFor(pubkey);
  expect(await movedVaultRecord({ v: 1, kind: 'bunker', pubkey, address, own })).toEqual({
    v: 2,
    kind: 'bunker',
    pubkey,
    address,
    own: bytesToHex(secret),
  });
});

test.each([undefined, null, 'x', {}, { v: 2, kind: 'extension', pubkey }, { v: 1 }])(
  'nothing of %j',
  async (value) => {
    expect(await movedVaultRecord(value)).toBeUndefined();
  },
);
