import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ITERATIONS, makeDeviceKey, makeLock, openLock, parseLock } from './lockbox.ts';
import type { Opener } from './lockbox.ts';
import { makeDataKey } from './sealer.ts';

const FEW = 1000;
const dataKey = makeDataKey();
const passphrase = (words: string): Opener => ({ kind: 'passphrase', passphrase: words });
const passkey = (byte: number): Opener => ({
  kind: 'passkey',
  id: 'mine',
  secret: new Uint8Array(32).fill(byte),
});
const lockFor = (opener: Opener, profile = 'a') => makeLock(dataKey, opener, profile, FEW);

test('each way of opening gives the same data key, after a trip to the disk', async () => {
  for (const opener of [
    passphrase('blue heron'),
    passkey(7),
    { kind: 'device', key: await makeDeviceKey() } as const,
  ]) {
    const lock = parseLock(structuredClone(await lockFor(opener)));
    expect(lock && (await openLock(lock, opener, 'a'))).toEqual({ ok: true, value: dataKey });
  }
});

test('any other opener is wrong, and says nothing more', async () => {
  const lock = await lockFor(passphrase('blue heron'));
  const device = { kind: 'device', key: await makeDeviceKey() } as const;
  for (const opener of [passphrase('Blue heron'), passphrase(''), passkey(7), device])
    expect(await openLock(lock, opener, 'a')).toMatchObject({ ok: false, error: { code: 'wrong' } });
  expect((await openLock(await lockFor(passkey(7)), passkey(8), 'a')).ok).toBe(false);
});

test('a lock belongs to its profile, and its rounds cannot be lowered', async () => {
  const lock = await lockFor(passphrase('blue heron'));
  expect((await openLock(lock, passphrase('blue heron'), 'b')).ok).toBe(false);
  expect((await openLock({ ...lock, iterations: 1 }, passphrase('blue heron'), 'a')).ok).toBe(false);
});

test('the same passphrase from another keyboard opens', async () => {
  const lock = await lockFor(passphrase('caf\u00e9 \ufb01n'));
  expect((await openLock(lock, passphrase('cafe\u0301 fin'), 'a')).ok).toBe(true);
});

test('two locks of one passphrase have nothing in common', async () => {
  const [one, other] = [await lockFor(passphrase('x')), await lockFor(passphrase('x'))];
  expect(one.salt).not.toEqual(other.salt);
  expect(one.wrapped).not.toEqual(other.wrapped);
});

test('a passphrase is stretched by at least 600,000 rounds', async () => {
  expect(ITERATIONS).toBeGreaterThanOrEqual(600_000);
  expect((await makeLock(dataKey, passphrase('x'), 'a')).iterations).toBe(ITERATIONS);
});

test('what is no lock is none', async () => {
  const lock = await lockFor(passphrase('x'));
  for (const broken of [
    undefined,
    null,
    'lock',
    { ...lock, v: 2 },
    { ...lock, kind: 'face' },
    { ...lock, salt: new Uint8Array(3) },
    { ...lock, wrapped: lock.wrapped.slice(1) },
    { ...lock, iterations: 1e12 },
    { ...lock, iterations: 0 },
    { ...lock, iterations: 1.5 },
    { ...lock, kind: 'device' },
  ])
    expect(parseLock(broken)).toBeUndefined();
  fc.assert(fc.property(fc.anything(), (value) => parseLock(value) === undefined));
});
