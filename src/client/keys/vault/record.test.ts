import { encrypt } from 'nostr-tools/nip49';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson } from '../../../../tests/support/wire-arbitraries.ts';
import { noAttempts } from '../../store/seal/attempts.ts';
import { parseVaultRecord } from './record.ts';

const pubkey = 'ab'.repeat(32);
const ncryptsec = encrypt(new Uint8Array(32).fill(1), 'x', 1);
const device = { v: 2, kind: 'device', pubkey, ncryptsec, attempts: { wrong: 2, waitUntil: 9 } };
const address = `bunker://${pubkey}?relay=wss%3A%2F%2Fa.test`;

test('every kind of record reads back as it was', () => {
  for (const record of [
    device,
    { ...device, secret: 'cd'.repeat(32) },
    { v: 2, kind: 'extension', pubkey },
    { v: 2, kind: 'bunker', pubkey, address, own: 'ef'.repeat(32) },
  ])
    expect(parseVaultRecord(structuredClone(record))).toEqual(record);
});

test('malformed parts are left out where the rest still serves', () => {
  expect(parseVaultRecord({ ...device, secret: 'short' })).toEqual(device);
  expect(parseVaultRecord({ ...device, attempts: { wrong: -1 } })).toEqual({
    ...device,
    attempts: noAttempts,
  });
});

test.each([
  undefined,
  null,
  [],
  { ...device, v: 1 },
  { ...device, pubkey: 'x' },
  { ...device, kind: 'hardware' },
  { ...device, ncryptsec: 'ncryptsec1' },
  { v: 2, kind: 'bunker', pubkey, address },
  { v: 2, kind: 'bunker', pubkey, address: 'x', own: 'ef' },
])('refuses %j', (value) => {
  expect(parseVaultRecord(value)).toBeUndefined();
});

test('anything gives an answer', () => {
  fc.assert(
    fc.property(anyJson, anyJson, (value, part) => {
      expect(parseVaultRecord(value)).toBeUndefined();
      parseVaultRecord({ ...device, secret: part, attempts: part });
      expect(parseVaultRecord({ ...device, ncryptsec: part })).toBeUndefined();
    }),
  );
});
