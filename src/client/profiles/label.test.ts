import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeDeviceKey } from '../store/seal/lockbox.ts';
import { makeDataKey } from '../store/seal/sealer.ts';
import { openLabel, sealLabel } from './label.ts';
import { isStale, sealMoment } from './last-active.ts';
import { openProof, sealProof } from './proof.ts';

const owner = { id: 'a', deviceKey: await makeDeviceKey() };
const other = { id: 'b', deviceKey: owner.deviceKey };
const PUBKEY = 'f'.repeat(64);

test('a label comes back, whatever the name; a long one is cut between letters', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 80 }), async (name) => {
      const opened = await openLabel(await sealLabel({ name, pubkey: PUBKEY }, owner), owner);
      expect(opened).toEqual({ name: [...name].slice(0, 48).join(''), pubkey: PUBKEY });
    }),
    { numRuns: 50 },
  );
});

test('a label of another profile, a damaged one and none are none', async () => {
  const sealed = await sealLabel({ name: 'Ada', pubkey: PUBKEY }, owner);
  expect(await openLabel(sealed, other)).toBeUndefined();
  expect(await openLabel(sealed.slice(1), owner)).toBeUndefined();
  expect(await openLabel(new Uint8Array(3), owner)).toBeUndefined();
  expect(await openLabel(undefined, owner)).toBeUndefined();
  expect(await openLabel(await sealLabel({ name: 'Ada', pubkey: 'x' }, owner), owner)).toBeUndefined();
});

test('a proof opens for its key and its profile only', async () => {
  const key = makeDataKey();
  for (const hasDuress of [true, false]) {
    const proof = await sealProof({ hasDuress }, key, 'a');
    expect(await openProof(proof, key, 'a')).toEqual({ hasDuress });
    expect(await openProof(proof, makeDataKey(), 'a')).toBeUndefined();
    expect(await openProof(proof, key, 'b')).toBeUndefined();
    expect(await openProof(proof.slice(2), key, 'a')).toBeUndefined();
  }
  expect(await openProof(undefined, key, 'a')).toBeUndefined();
});

test('the last touch says when it is too long ago; anything else does not open', async () => {
  const record = async (autoLock: 0 | 60, lastActive?: Uint8Array<ArrayBuffer>) =>
    ({ ...owner, autoLock, ...(lastActive ? { lastActive } : {}) }) as Parameters<typeof isStale>[0];
  const moment = await sealMoment(owner, 1_000_000);
  expect(await isStale(await record(60, moment), 1_059_999)).toBe(false);
  expect(await isStale(await record(60, moment), 1_060_000)).toBe(true);
  expect(await isStale(await record(60, await sealMoment(other, 1_000_000)), 1_000_000)).toBe(true);
  expect(await isStale(await record(60), 1_000_000)).toBe(true);
  expect(await isStale(await record(0), 1_000_000)).toBe(false);
});
