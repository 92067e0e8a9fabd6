import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { FakeNet } from '../../../../tests/support/fake-relay.ts';
import { FakeOrigin, noNews } from '../../../../tests/support/fake-tabs.ts';
import { MemoryRegister } from '../../../../tests/support/memory-register.ts';
import { plainCompressor } from '../../../../tests/support/profile-keys.ts';
import { finishErasing } from '../../profiles/erasing.ts';
import { newProfile } from '../../profiles/make-profile.ts';
import { sparing } from '../../profiles/restoring.ts';
import { destroyProfileStore } from '../../store/opening/destroy-profile.ts';
import type { LocalEvent } from '../../store/local-events.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import type { Projection } from '../../store/projection.ts';
import { openLock } from '../../store/seal/lockbox.ts';
import { defineTable } from '../../store/table.ts';
import { EngineHost } from '../host.ts';
import type { Signal } from '../remote.ts';
import { verifyHere } from '../verify-batch.ts';
import { createVerifier } from '../verifying.ts';
import { UpkeepClient } from './upkeep-client.ts';

const WORDS = 'three blue herons';
const lines = defineTable<{ id: string; text: string }>({ name: 'lines', id: (row) => row.id });
const projection: Projection = {
  name: 'lines',
  version: 1,
  tables: [lines],
  project(rows, event) {
    if (event.type === 'RelayEventSeen' || event.type === 'EventSigned')
      rows.put(lines, { id: event.event.id, text: event.event.content });
    return Promise.resolve();
  },
};

const secret = generateSecretKey();
let clock = 1_800_000_000;
const signed = (content: string, key = secret) => ({
  ...finalizeEvent({ kind: 9, created_at: clock++, tags: [], content }, key),
});
const mine = (content: string, key = secret): LocalEvent => ({
  type: 'EventSigned',
  v: 1,
  event: signed(content, key),
  relays: [],
});
const seen = (content: string): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: signed(content, generateSecretKey()),
  relay: 'wss://a.test',
});

/** Signed by nobody: what is in the log is believed. */
const unsigned = (content: string): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: fakeEvent({ kind: 9, created_at: clock++, content }),
  relay: 'wss://a.test',
});

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
  vi.restoreAllMocks();
});

/** A browser with a register, in which profiles are opened. */
const browser = () => {
  const register = new MemoryRegister();
  const { locks } = new FakeOrigin().tab();
  const signals: Signal[] = [];
  const make = async (): Promise<ProfileKeys> => {
    const { record, dataKey } = await newProfile({ iterations: 1 }, 1);
    await register.add(record);
    return { profile: record.id, dataKey, deviceKey: record.deviceKey };
  };
  const open = async (keys: ProfileKeys) => {
    const host = new EngineHost([projection], {
      relays: new FakeNet().ports,
      locks,
      outboxNews: noNews,
      verify: verifyHere(createVerifier()),
      compressor: () => Promise.resolve(plainCompressor),
      register,
    });
    const upkeep = new UpkeepClient((job, task) => host.upkeep(job, task));
    const opened = await host.open(
      { relay: 'wss://city.test', relayKey: 'ce'.repeat(32), keys },
      (signal) => {
        signals.push(signal);
        if (signal.type === 'progress') upkeep.hear(signal);
      },
    );
    expect(opened).toMatchObject({ ok: true });
    endings.push(() => host.close());
    const texts = async () =>
      ((await host.all('lines')) as { text: string }[]).map(({ text }) => text).sort();
    return { host, upkeep, texts };
  };
  const keysOf = async (profile: string): Promise<ProfileKeys> => {
    const record = (await register.read()).profiles.find(({ id }) => id === profile);
    const lock = record?.locks.find(({ kind }) => kind === 'passphrase');
    const key = record && lock && (await openLock(lock, { kind: 'passphrase', passphrase: WORDS }, profile));
    if (!record || !key?.ok) throw new Error('does not open');
    return { profile, dataKey: key.value, deviceKey: record.deviceKey };
  };
  return { register, locks, signals, make, open, keysOf };
};
const exported = async ({ upkeep }: { upkeep: UpkeepClient }): Promise<Blob> => {
  const file = await upkeep.exportBackup(WORDS);
  if (!file.ok) throw new Error(file.error.code);
  return file.value;
};

test('a new device: the backup becomes a profile of its own, the next one to be opened, under the backup’s passphrase', async () => {
  const [old, fresh] = [browser(), browser()];
  const there = await old.open(await old.make());
  await there.host.record([mine('one'), seen('two')]);
  await there.host.writeMeta('vault', { secret: 'x' });
  const file = await exported(there);
  expect((await there.upkeep.health()).lastBackup).toMatchObject({ events: 2 });

  const here = await fresh.open(await fresh.make());
  const other = await fresh.make();
  expect(await here.upkeep.checkBackup(file, WORDS)).toMatchObject({
    value: { kinship: 'empty', report: { events: 2, isWhole: true } },
  });
  const progress = vi.fn();
  const taken = await here.upkeep.importBackup(file, WORDS, 'new', { progress });
  if (!taken.ok || !taken.value.profile) throw new Error('not taken');
  expect(taken.value).toMatchObject({ appended: 2, forged: 0 });
  expect(progress).toHaveBeenLastCalledWith(2, 2);
  const { profiles, buried } = await fresh.register.read();
  expect([profiles[0]?.id, buried]).toEqual([taken.value.profile, []]);
  const keys = await fresh.keysOf(taken.value.profile);
  const again = await fresh.open(keys);
  expect(await again.texts()).toEqual(['one', 'two']);
  expect(await again.host.readMeta('vault')).toEqual({ secret: 'x' });
  expect(await here.texts()).toEqual([]);
  expect(profiles.map(({ id }) => id)).toContain(other.profile);
});

test('a backup of the same person joins the open profile; another’s never does', async () => {
  const [one, two] = [browser(), browser()];
  const there = await one.open(await one.make());
  await there.host.record([mine('there'), seen('heard')]);
  const file = await exported(there);
  const here = await two.open(await two.make());
  await here.host.record([mine('here')]);
  expect(await here.upkeep.importBackup(file, WORDS, 'here')).toMatchObject({ value: { appended: 2 } });
  expect(await here.texts()).toEqual(['heard', 'here', 'there']);
  expect(await here.upkeep.importBackup(file, WORDS, 'here')).toMatchObject({ value: { appended: 0 } });

  const stranger = await two.open(await two.make());
  await stranger.host.record([mine('not yours', generateSecretKey())]);
  expect(await stranger.upkeep.checkBackup(file, WORDS)).toMatchObject({ value: { kinship: 'other' } });
  expect(await stranger.upkeep.importBackup(file, WORDS, 'here')).toMatchObject({ error: { code: 'other' } });
  expect(await stranger.texts()).toEqual(['not yours']);
});

test('wrong passphrases cost a wait from the fifth on, and nothing is changed', async () => {
  const one = browser();
  const there = await one.open(await one.make());
  await there.host.record([seen('x')]);
  const file = await exported(there);
  const codes: string[] = [];
  for (let n = 0; n < 6; n++) {
    const answer = await there.upkeep.checkBackup(file, 'guess');
    codes.push(answer.ok ? 'ok' : answer.error.code);
  }
  expect(codes).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait']);
  expect(await there.upkeep.checkBackup(file, WORDS)).toMatchObject({ error: { code: 'wait' } });
}, 30_000);

test('a stopped or failed import leaves no profile, and no database', async () => {
  const one = browser();
  const there = await one.open(await one.make());
  for (let at = 0; at < 12; at++)
    await there.host.record(Array.from({ length: 50 }, () => unsigned(`${at}`)));
  const file = await exported(there);
  const before = await Dexie.getDatabaseNames();
  const end = new AbortController();
  const job = { signal: end.signal, progress: () => end.abort() };
  expect(await there.upkeep.importBackup(file, WORDS, 'new', job)).toMatchObject({
    error: { code: 'cancelled' },
  });
  const { profiles, buried } = await one.register.read();
  expect([profiles.length, buried]).toEqual([1, []]);
  expect(await Dexie.getDatabaseNames()).toEqual(before);
}, 30_000);

test('whoever clears up waits for a profile in the making, and spares it', async () => {
  const one = browser();
  const there = await one.open(await one.make());
  await there.host.record([seen('x')]);
  const file = await exported(there);
  const { register, locks } = one;
  const destroy = sparing({ register, locks, destroy: destroyProfileStore });
  let clearing: Promise<void> | undefined;
  const bury = (id: string) => MemoryRegister.prototype.bury.call(register, id);
  register.bury = async (id) => {
    await bury(id);
    clearing = finishErasing({ register, destroy, sweep: () => Promise.resolve() });
  };
  const taken = await there.upkeep.importBackup(file, WORDS, 'new');
  await clearing;
  expect(taken).toMatchObject({ ok: true });
  expect((await register.read()).profiles).toHaveLength(2);
  const again = await one.open(await one.keysOf((taken.ok && taken.value.profile) || ''));
  expect(await again.texts()).toEqual(['x']);
}, 30_000);

test('a log that the browser threw away is told of, until the person knows', async () => {
  const one = browser();
  const keys = await one.make();
  const first = await one.open(keys);
  expect((await first.upkeep.health()).eviction).toBeUndefined();
  await first.host.record([seen('a'), seen('b')]);
  await vi.waitFor(async () => expect((await one.register.read()).profiles[0]?.kept).toBeDefined());
  await first.host.close();
  const second = await one.open(keys);
  expect((await second.upkeep.health()).eviction).toBeUndefined();
  await second.host.close();
  await destroyProfileStore(keys.profile);
  const third = await one.open(keys);
  expect((await third.upkeep.health()).eviction).toMatchObject({ events: 2 });
  await third.host.record([seen('c')]);
  await third.host.close();
  const fourth = await one.open(keys);
  expect((await fourth.upkeep.health()).eviction).toMatchObject({ events: 2 });
  await fourth.upkeep.dismissEviction();
  expect((await fourth.upkeep.health()).eviction).toBeUndefined();
});

test('a full disk keeps nobody from reading', async () => {
  const one = browser();
  const keys = await one.make();
  const first = await one.open(keys);
  await first.host.record([seen('kept')]);
  await first.host.close();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { put, add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = IDBObjectStore.prototype.add = () => {
    throw new DOMException('no space', 'QuotaExceededError');
  };
  vi.spyOn(one.register, 'change').mockRejectedValue(new DOMException('no space', 'QuotaExceededError'));
  try {
    const { texts } = await one.open(keys);
    expect(await texts()).toEqual(['kept']);
  } finally {
    Object.assign(IDBObjectStore.prototype, { put, add });
  }
});

test('a full disk is said in the status until there is space again; what was refused is refused to its writer', async () => {
  const one = browser();
  const { host } = await one.open(await one.make());
  const put = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException('no space', 'QuotaExceededError');
  };
  const isFull = () =>
    one.signals.flatMap((one) => (one.type === 'status' ? [one.status.isFull] : [])).at(-1);
  try {
    await expect(host.enqueue(signed('too much'))).rejects.toThrow();
    await vi.waitFor(() => expect(isFull()).toBe(true));
    expect(await host.all('lines')).toEqual([]);
  } finally {
    IDBObjectStore.prototype.add = put;
  }
  await host.enqueue(signed('fits'));
  await vi.waitFor(() => expect(isFull()).toBeUndefined());
});

test('rows are built anew, or stay as they were where that is stopped', async () => {
  const one = browser();
  const { host, upkeep, texts } = await one.open(await one.make());
  for (let at = 0; at < 60; at++)
    await host.record(Array.from({ length: 50 }, (_, n) => unsigned(`${at} ${n}`)));
  const before = await texts();
  const end = new AbortController();
  const stopped = await upkeep.rebuild({ signal: end.signal, progress: () => end.abort() });
  expect(stopped).toBe(false);
  expect(await texts()).toEqual(before);
  await host.record([seen('and on')]);
  expect(await texts()).toHaveLength(3001);
  expect(await upkeep.rebuild()).toBe(true);
  expect(await texts()).toHaveLength(3001);
}, 60_000);

test('usage counts what lies there by what it is for', async () => {
  const one = browser();
  const { host, upkeep } = await one.open(await one.make());
  expect(await upkeep.usage()).toMatchObject({ log: 0, words: 0, blobs: 0 });
  await host.record(Array.from({ length: 200 }, (_, n) => unsigned(`line ${n}`)));
  await upkeep.rebuild();
  const usage = await upkeep.usage();
  expect(usage.log).toBeGreaterThan(5000);
  expect(usage.rows).toBeGreaterThan(1000);
});
