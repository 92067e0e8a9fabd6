import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { MemoryRegister } from '../../../../tests/support/memory-register.ts';
import { noAttempts } from '../seal/attempts.ts';
import { makeDeviceKey, makeLock } from '../seal/lockbox.ts';
import { makeDataKey } from '../seal/sealer.ts';
import { parseProfileRecord } from './profile-record.ts';
import type { ProfileRecord } from './profile-record.ts';
import { DexieRegister, sortRegister } from './profile-register.ts';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');

const recordOf = async (n: number, turn = n): Promise<ProfileRecord> => {
  const deviceKey = await makeDeviceKey();
  const lock = await makeLock(makeDataKey(), { kind: 'device', key: deviceKey }, idOf(n));
  return {
    v: 1,
    id: idOf(n),
    turn,
    deviceKey,
    label: Uint8Array.of(1, 2, 3),
    locks: [lock],
    duress: await makeLock(makeDataKey(), { kind: 'passphrase', passphrase: 'x' }, idOf(n), 1000),
    proof: Uint8Array.of(4),
    attempts: noAttempts,
    isStaying: true,
    autoLock: 60,
    hasPanicKey: true,
    lastActive: Uint8Array.of(5),
    wake: Uint8Array.of(6),
  };
};

describe.each([
  ['in IndexedDB', () => new DexieRegister()],
  ['in memory', () => new MemoryRegister()],
])('a register %s', (_name, open) => {
  const register = open();
  afterEach(() => register.destroy());

  test('is empty at first, and gives back what was put in, the last used first', async () => {
    expect(await register.read()).toEqual({ profiles: [], buried: [] });
    const [one, two, three] = await Promise.all([recordOf(1), recordOf(2, 9), recordOf(3)]);
    for (const record of [one, two, three]) await register.add(record);
    const { profiles } = await register.read();
    expect(profiles.map(({ id }) => id)).toEqual([two.id, three.id, one.id]);
    expect(profiles[0]).toEqual(two);
  });

  test('a key comes back usable and still cannot be read', async () => {
    const record = await recordOf(1);
    await register.add(record);
    const key = (await register.read()).profiles[0]?.deviceKey as CryptoKey;
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    const iv = new Uint8Array(12);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, record.deviceKey, iv);
    expect(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed))).toEqual(iv);
  });

  test('changes at the same time lose nothing', async () => {
    await register.add(await recordOf(1, 0));
    const count = () => register.change(idOf(1), (old) => [{ ...old, turn: old.turn + 1 }, old.turn]);
    const answers = await Promise.all(Array.from({ length: 40 }, count));
    expect(answers.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect((await register.read()).profiles[0]?.turn).toBe(40);
  });

  test('a profile that is not there is not changed into one', async () => {
    expect(await register.change(idOf(7), (old) => [old, true])).toBeUndefined();
    expect((await register.read()).profiles).toEqual([]);
  });

  test('buried, a profile is only a mark; removed, it never was', async () => {
    await register.add(await recordOf(1));
    await register.bury(idOf(1));
    expect(await register.read()).toEqual({ profiles: [], buried: [idOf(1)] });
    expect(await register.change(idOf(1), (old) => [old, true])).toBeUndefined();
    await register.remove(idOf(1));
    expect(await register.read()).toEqual({ profiles: [], buried: [] });
  });
});

test('of a damaged record everything that can be read stays, and damage never opens more', async () => {
  const whole = await recordOf(1);
  const parse = (change: object) => parseProfileRecord({ ...whole, ...change });
  expect(parseProfileRecord(structuredClone(whole))).toEqual(whole);
  expect(parse({ locks: ['x', { ...whole.locks[0], iterations: -1 }, whole.locks[0]] })?.locks).toHaveLength(
    1,
  );
  expect(parse({ locks: 'x', duress: 3, proof: 'x', label: new Uint8Array(10_000) })).toMatchObject({
    locks: [],
  });
  expect(parse({ duress: 3 })).not.toHaveProperty('duress');
  expect(parse({ label: new Uint8Array(10_000) })).not.toHaveProperty('label');
  expect(parse({ isStaying: 'yes', autoLock: 7, hasPanicKey: 1, attempts: null, turn: 'x' })).toMatchObject({
    isStaying: false,
    autoLock: 0,
    hasPanicKey: false,
    attempts: noAttempts,
    turn: 0,
  });
  const mac = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  for (const change of [{ v: 2 }, { id: 'x' }, { id: 3 }, { deviceKey: 'x' }, { deviceKey: mac }])
    expect(parse(change)).toBeUndefined();
});

test('rows of strangers are passed over', () => {
  fc.assert(
    fc.property(fc.array(fc.anything()), (rows) => {
      expect(sortRegister(rows)).toEqual({ profiles: [], buried: [] });
    }),
  );
});
