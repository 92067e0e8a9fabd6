import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PushRequest } from '#protocol/push.ts';
import { ensureTemplate } from '../../launch/template.mjs';
import { openDatabase } from '../db/database.ts';
import type { Database, OpenDatabase } from '../db/database.ts';
import { migrateUp } from '../db/migrate.ts';
import { PushRegister, REGISTER_LIMITS } from './register.ts';

let opened: OpenDatabase;
let db: Database;
beforeAll(async () => {
  const database = await openDatabase({ template: await ensureTemplate() });
  if (!database.ok) throw new Error(database.error.message);
  opened = database.value;
  db = opened.db;
  await migrateUp(db);
});
afterAll(() => opened.close());
beforeEach(async () => void (await db.deleteFrom('push_subscriptions').execute()));

const DAY = 86_400;
const setUp = (start = 1_800_000_000) => {
  const time = { now: start };
  const changes: string[] = [];
  const register = new PushRegister({
    db,
    clock: { now: () => time.now },
    onChange: ({ pubkey }, change) => changes.push(`${pubkey} ${change}`),
    onWrite: () => undefined,
  });
  return { register, time, changes };
};
const request = (name: string, more: Partial<PushRequest> = {}): PushRequest => ({
  subscription: { endpoint: `https://push.example/${name}`, keys: { p256dh: 'p', auth: 'a' } },
  tag: '1'.repeat(32),
  wants: [{ filter: { '#h': ['here'] }, after: 5 }],
  ...more,
});
const rows = () => db.selectFrom('push_subscriptions').selectAll().execute();

const put = async (register: PushRegister, pubkey: string, name: string) => {
  const added = await register.put(pubkey, request(name));
  if (!added.ok) throw new Error(added.error.message);
  return added.value;
};

test('what is put is read again at the next start, as it was', async () => {
  const { register } = setUp();
  const device = await put(register, 'anna', 'phone');
  const next = setUp();
  await next.register.load();
  expect(next.register.get('https://push.example/phone', 'anna')).toEqual(device);
  expect([next.register.size, next.changes]).toEqual([1, ['anna added']]);
});

test('putting again changes the same device; removing is for good', async () => {
  const { register, changes } = setUp();
  const device = await put(register, 'anna', 'phone');
  const wants = [{ filter: { authors: [] } }];
  const changed = await register.put('anna', request('phone', { tag: '2'.repeat(32), wants }));
  expect(changed.ok && changed.value).toBe(device);
  expect(await rows()).toMatchObject([{ tag: '2'.repeat(32), wants }]);
  await register.remove(device);
  await register.remove(device);
  expect([await rows(), register.size, register.has(device)]).toEqual([[], 0, false]);
  expect(changes).toEqual(['anna added', 'anna changed', 'anna removed']);
});

test('so many devices of a key, so many profiles of a device, though all ask at once; going makes room', async () => {
  const { register } = setUp();
  const names = Array.from({ length: 30 }, (_, i) => String(i));
  const devices = await Promise.all(names.map((name) => register.put('anna', request(name))));
  expect(devices.filter(({ ok }) => ok)).toHaveLength(REGISTER_LIMITS.devices);
  const profiles = await Promise.all(names.map((name) => register.put(`key ${name}`, request('shared'))));
  expect(profiles.filter(({ ok }) => ok)).toHaveLength(REGISTER_LIMITS.profiles);
  expect((await register.put('anna', request('0'))).ok).toBe(true);
  const first = register.get('https://push.example/0', 'anna');
  if (first) await register.remove(first);
  expect((await register.put('anna', request('new'))).ok).toBe(true);
  expect((await rows()).length).toBe(register.size);
});

test('an endpoint that is gone takes all its profiles with it', async () => {
  const { register } = setUp();
  await put(register, 'anna', 'shared');
  await put(register, 'ben', 'shared');
  await put(register, 'ben', 'own');
  expect(await register.removeEndpoint('https://push.example/shared')).toBe(2);
  expect(await register.removeEndpoint('https://push.example/shared')).toBe(0);
  expect((await rows()).map(({ endpoint }) => endpoint)).toEqual(['https://push.example/own']);
});

test('failures count until a success; only who fails for long and often is forgotten', async () => {
  const { register, time } = setUp();
  const device = await put(register, 'anna', 'phone');
  for (let i = 0; i < 20; i++) expect(await register.noteFailure(device)).toBe(false);
  time.now += 6 * DAY;
  await register.noteSuccess(device);
  expect(await rows()).toMatchObject([{ failures: 0, last_ok: time.now }]);
  time.now += 8 * DAY;
  for (let i = 0; i < REGISTER_LIMITS.failures - 1; i++)
    expect(await register.noteFailure(device)).toBe(false);
  expect(await rows()).toMatchObject([{ failures: REGISTER_LIMITS.failures - 1 }]);
  expect(await register.noteFailure(device)).toBe(true);
  expect([await rows(), register.size]).toEqual([[], 0]);
  expect(await register.noteFailure(device)).toBe(false);
});

test('success is written down once an hour at most, and not for who is gone', async () => {
  const { register, time } = setUp();
  const device = await put(register, 'anna', 'phone');
  const start = time.now;
  for (time.now = start; time.now < start + 3600; time.now += 60) await register.noteSuccess(device);
  expect(await rows()).toMatchObject([{ last_ok: start }]);
  await register.noteSuccess(device);
  expect(await rows()).toMatchObject([{ last_ok: start + 3600 }]);
  await register.remove(device);
  await register.noteSuccess(device);
  expect(await rows()).toEqual([]);
});

test('a key that goes takes all its devices along, and nobody else’s on the same one', async () => {
  const { register, changes } = setUp();
  for (const name of ['phone', 'laptop']) await put(register, 'anna', name);
  await put(register, 'ben', 'phone');
  await register.removeKey('anna');
  expect((await rows()).map(({ pubkey, endpoint }) => `${pubkey} ${endpoint}`)).toEqual([
    'ben https://push.example/phone',
  ]);
  expect(changes.slice(3)).toEqual(['anna removed', 'anna removed']);
  expect(register.size).toBe(1);
});
