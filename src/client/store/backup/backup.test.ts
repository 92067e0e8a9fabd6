import { finalizeEvent, generateSecretKey, verifyEvent } from 'nostr-tools/pure';
import { afterEach, expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { plainCompressor } from '../../../../tests/support/profile-keys.ts';
import { openSealedHome } from '../../../../tests/support/sealed-home.ts';
import type { SealedHome } from '../../../../tests/support/sealed-home.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Projection } from '../projection.ts';
import { defineTable } from '../table.ts';
import { checkBackup } from './backup-check.ts';
import { learn, mergeBackup, nothingKnown } from './backup-merge.ts';
import type { MergeOptions } from './backup-merge.ts';
import { writeBackup } from './backup-writer.ts';
import { openBackup } from './opened-backup.ts';

const WORDS = 'three blue herons';
const FEW = 1000;
const NOW = 1_800_000_000;

const notes = defineTable<{ id: string; text: string; state: string }>({
  name: 'notes',
  id: (one) => one.id,
});
const settings = defineTable<{ name: string; value: unknown }>({ name: 'settings', id: (one) => one.name });
const projection: Projection = {
  name: 'notes',
  version: 1,
  tables: [notes, settings],
  async project(rows, event) {
    if (event.type === 'RelayEventSeen' || event.type === 'EventSigned') {
      const state = event.type === 'EventSigned' ? 'waiting' : 'there';
      rows.put(notes, { id: event.event.id, text: event.event.content, state });
    }
    if (event.type === 'EventAccepted' || event.type === 'EventRejected') {
      const row = await rows.get(notes, event.id);
      if (row) rows.put(notes, { ...row, state: event.type });
    }
    if (event.type === 'SettingChanged') rows.put(settings, { name: event.name, value: event.value });
  },
};

const homes: SealedHome[] = [];
afterEach(() => homes.splice(0).forEach(({ store }) => store.close()));
const home = async () => {
  const one = await openSealedHome([projection]);
  homes.push(one);
  return one;
};

const seen = (n: number): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  relay: 'wss://a.test',
  event: fakeEvent({ kind: 9, content: `line ${n}`, created_at: NOW + n }),
});
const history = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => seen(from + at));
const setting = (value: string): LocalEvent => ({ type: 'SettingChanged', v: 1, name: 'theme', value });
const signed = (text: string) => fakeEvent({ kind: 9, content: text, created_at: NOW });
const sent = (text: string): LocalEvent => ({
  type: 'EventSigned',
  v: 1,
  event: signed(text),
  relays: ['wss://a.test'],
});
const accepted = (text: string): LocalEvent => ({
  type: 'EventAccepted',
  v: 1,
  id: signed(text).id,
  relay: 'wss://a.test',
  note: '',
});
const rejected = (text: string): LocalEvent => ({
  type: 'EventRejected',
  v: 1,
  id: signed(text).id,
  relay: 'wss://a.test',
  reason: 'no',
});

const backupOf = async ({ disk, keys }: SealedHome, passphrase = WORDS) => {
  const file = await writeBackup(disk, { keys, passphrase, now: NOW, iterations: FEW, leftOut: ['work'] });
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
};
const opened = async (file: Blob, passphrase = WORDS) => {
  const backup = await openBackup(file, passphrase, plainCompressor);
  if (!backup.ok) throw new Error(backup.error.code);
  const findings = await checkBackup(backup.value);
  if (!findings.ok) throw new Error(findings.error.code);
  return { backup: backup.value, findings: findings.value };
};
const eventsOf = async function* (one: SealedHome) {
  const { backup } = await opened(await backupOf(one));
  for await (const { values } of backup.chunks()) yield (values ?? []) as LocalEvent[];
};
const take = async (file: Blob, { store }: SealedHome, options: Partial<MergeOptions> = {}) => {
  const { backup, findings } = await opened(file);
  const merged = await mergeBackup(backup, findings, store, { known: nothingKnown, ...options });
  if (!merged.ok) throw new Error(merged.error.code);
  return merged.value;
};
/** The file with some bytes changed. */
const spoilt = async (file: Blob, change: (bytes: Uint8Array<ArrayBuffer>) => void) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  change(bytes);
  return new Blob([bytes]);
};

test('a new device has the same rows and own records, sealed with a key of its own', async () => {
  const [old, fresh] = [await home(), await home()];
  await old.store.append([...history(0, 120), setting('dark'), sent('mine'), accepted('mine')]);
  await old.store.writeMeta('vault', { secret: 'x' });
  await old.store.writeMeta('work', ['half done']);
  const file = await backupOf(old);
  const { findings } = await opened(file);
  expect(findings).toMatchObject({
    report: { profile: old.keys.profile, madeAt: NOW, events: 123, lost: [], isWhole: true, isSealed: true },
    hasAccount: true,
  });
  expect([...findings.authors]).toEqual([signed('mine').pubkey]);
  expect(await take(file, fresh)).toEqual({ appended: 123, duplicates: 0, forged: 0 });
  expect(await fresh.store.all(notes)).toEqual(await old.store.all(notes));
  expect(await fresh.store.all(settings)).toEqual(await old.store.all(settings));
  expect(await fresh.store.readMeta('vault')).toEqual({ secret: 'x' });
  expect(await fresh.store.readMeta('work')).toBeUndefined();
  expect(await fresh.store.queue.entries()).toEqual([]);
});

test('nothing of what was written or of the key lies readable in the file', async () => {
  const old = await home();
  await old.store.append([seen(1)]);
  await old.store.writeMeta('vault', { secret: 'canary' });
  const bytes = Buffer.from(await (await backupOf(old)).arrayBuffer());
  for (const word of ['canary', 'line 1', 'a.test', WORDS]) {
    expect(bytes.includes(word)).toBe(false);
    expect(bytes.includes(Buffer.from(word, 'utf16le'))).toBe(false);
  }
  expect(bytes.includes(Buffer.from(old.keys.dataKey))).toBe(false);
});

test('what was waiting to be sent still waits; what had ended is not sent again, wherever the log is cut', async () => {
  const [old, here] = [await home(), await home()];
  await old.store.append([sent('ended'), rejected('ended'), sent('waiting'), ...history(0, 900)]);
  await old.store.append([accepted('ended')]);
  await here.store.append([seen(5000)]);
  const waiting = new Set<string>();
  here.disk.written = () =>
    void here.store.queue.entries().then((all) => all.forEach(({ id }) => waiting.add(id)));
  await take(await backupOf(old), here, { known: await learn(eventsOf(here)) });
  expect([...waiting]).toEqual([signed('waiting').id]);
  expect((await here.store.get(notes, signed('ended').id))?.state).toBe('EventAccepted');
});

test('merged into a profile that went on, it adds what is missing and takes nothing back', async () => {
  const old = await home();
  await old.store.append([...history(0, 10), setting('dark')]);
  const file = await backupOf(old);
  await old.store.append([...history(10, 20), setting('light')]);
  await old.store.writeMeta('vault', 'newer');
  const before = await old.store.all(notes);
  const merge = async () => take(file, old, { known: await learn(eventsOf(old)) });
  expect(await merge()).toEqual({ appended: 0, duplicates: 10, forged: 0 });
  expect(await old.store.all(notes)).toEqual(before);
  expect((await old.store.get(settings, 'theme'))?.value).toBe('light');
  expect(await old.store.readMeta('vault')).toBe('newer');
  const other = await home();
  await other.store.append(history(5, 12));
  expect(await take(file, other, { known: await learn(eventsOf(other)) })).toMatchObject({ appended: 6 });
  expect((await other.store.get(settings, 'theme'))?.value).toBe('dark');
});

test('words that were forgotten here stay forgotten', async () => {
  const [old, here] = [await home(), await home()];
  await old.store.append([sent('regretted')]);
  const known = { subjects: new Set<string>(), forgotten: new Set([signed('regretted').id]), isEmpty: false };
  await take(await backupOf(old), here, { known });
  expect(await here.store.get(notes, signed('regretted').id)).toMatchObject({ text: '' });
});

test('a made-up backup brings no forged line: signatures are checked', async () => {
  const [old, here] = [await home(), await home()];
  const genuine = finalizeEvent({ kind: 9, created_at: NOW, tags: [], content: 'true' }, generateSecretKey());
  const husk = { ...fakeEvent({ kind: 9, content: 'not so forgotten' }) };
  await old.store.append([
    { type: 'RelayEventSeen', v: 1, relay: 'wss://a.test', event: { ...genuine } },
    { type: 'RelayEventSeen', v: 1, relay: 'wss://a.test', event: husk, forgotten: true },
    seen(1),
  ]);
  const verify = async (events: readonly NostrEvent[]) =>
    events.map((event) => verifyEvent({ ...event, tags: event.tags.map((tag) => [...tag]) }));
  expect(await take(await backupOf(old), here, { verify })).toEqual({
    appended: 1,
    duplicates: 0,
    forged: 2,
  });
  expect((await here.store.all(notes)).map(({ text }) => text)).toEqual(['true']);
});

test('a damaged chunk is a loss with its number and times; everything else comes back', async () => {
  const [old, fresh] = [await home(), await home()];
  for (let at = 0; at < 200; at += 50) await old.store.append(history(at, at + 50));
  const sealed = old.disk.chunkRecords.get(100) as Uint8Array<ArrayBuffer>;
  sealed[40] = (sealed[40] ?? 0) ^ 1;
  const file = await backupOf(old);
  const { findings } = await opened(file);
  expect(findings.report).toMatchObject({ events: 150, isWhole: false, isSealed: true });
  expect(findings.report.lost).toEqual([
    { from: 51, to: 100, events: 50, after: NOW + 49, before: NOW + 100 },
  ]);
  expect(await take(file, fresh)).toMatchObject({ appended: 150 });
});

test('a file cut short gives back what is in it, and says what is not', async () => {
  const old = await home();
  for (let at = 0; at < 500; at += 50) await old.store.append(history(at, at + 50));
  await old.store.writeMeta('vault', 'whole');
  const file = await backupOf(old);
  const { backup, findings } = await opened(file.slice(0, Math.floor(file.size / 2)));
  const { report } = findings;
  expect(report.isSealed || report.isWhole).toBe(false);
  expect(report.events).toBeGreaterThan(50);
  expect(report.lost).toEqual([
    { from: report.events + 1, to: 500, events: 500 - report.events, after: NOW + report.events - 1 },
  ]);
  expect(await backup.own()).toEqual([{ name: 'vault', value: 'whole', isDamaged: false }]);
});

test('each damage has its own clear answer', async () => {
  const old = await home();
  await old.store.append(history(0, 60));
  const file = await backupOf(old);
  const codeOf = async (blob: Blob, passphrase = WORDS) => {
    const backup = await openBackup(blob, passphrase, plainCompressor);
    return backup.ok ? 'ok' : backup.error.code;
  };
  expect(await codeOf(file, 'three blue heron')).toBe('wrong');
  expect(await codeOf(new Blob(['hello']))).toBe('foreign');
  expect(await codeOf(new Blob([]))).toBe('foreign');
  expect(await codeOf(await spoilt(file, (bytes) => (bytes[9] = 2)))).toBe('newer');
  expect(await codeOf(await spoilt(file, (bytes) => (bytes[9] = 0)))).toBe('damaged');
  const noEnd = file.slice(0, file.size - 10);
  expect(await codeOf(await spoilt(noEnd, (bytes) => bytes.fill(255, 11, 15)))).toBe('damaged');
  const gone = Object.assign(new Blob(['x'.repeat(100)]), {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  });
  expect(await codeOf(gone as unknown as Blob)).toBe('unreadable');
});

test('a spoilt beginning is read from the end, and a spoilt end from the beginning', async () => {
  const old = await home();
  await old.store.append(history(0, 60));
  const file = await backupOf(old);
  const front = await opened(await spoilt(file, (bytes) => bytes.fill(0, 11, 60)));
  expect(front.findings.report).toMatchObject({ isWhole: true, events: 60 });
  const back = await opened(await spoilt(file, (bytes) => bytes.fill(0, bytes.length - 20)));
  expect(back.findings.report).toMatchObject({ isSealed: false, isWhole: false, events: 60, lost: [] });
});

test('nobody swaps records, or puts in those of another time or profile', async () => {
  const [old, other] = [await home(), await home()];
  for (const one of [old, other])
    for (let at = 0; at < 100; at += 50) await one.store.append(history(at, at + 50));
  const [first, second] = [50, 100].map((seq) => old.disk.chunkRecords.get(seq) as Uint8Array<ArrayBuffer>);
  old.disk.chunkRecords.set(50, second as Uint8Array<ArrayBuffer>);
  old.disk.chunkRecords.set(100, first as Uint8Array<ArrayBuffer>);
  expect((await opened(await backupOf(old))).findings.report).toMatchObject({ events: 0, isWhole: false });
  old.disk.chunkRecords = new Map(other.disk.chunkRecords);
  expect((await opened(await backupOf(old))).findings.report).toMatchObject({ events: 0, isWhole: false });
});

test('what only a newer version reads is refused before anything is taken', async () => {
  const old = await home();
  await old.store.append([seen(1), { type: 'MoonLanded', v: 1 } as unknown as LocalEvent]);
  const backup = await openBackup(await backupOf(old), WORDS, plainCompressor);
  expect(backup.ok && (await checkBackup(backup.value))).toMatchObject({
    ok: false,
    error: { code: 'newer' },
  });
});

test('writing and taking can be stopped; there is no backup without a passphrase', async () => {
  const [old, fresh] = [await home(), await home()];
  await old.store.append(history(0, 500));
  const { disk, keys } = old;
  const stopAt = (at: number) => {
    const end = new AbortController();
    return { signal: end.signal, progress: (done: number) => done >= at && end.abort() };
  };
  const options = { keys, passphrase: WORDS, now: NOW, iterations: FEW };
  expect(await writeBackup(disk, { ...options, ...stopAt(100) })).toMatchObject({
    error: { code: 'cancelled' },
  });
  expect(await writeBackup(disk, { ...options, passphrase: '' })).toMatchObject({ error: { code: 'empty' } });
  const { backup, findings } = await opened(await backupOf(old));
  expect(await checkBackup(backup, stopAt(100))).toMatchObject({ error: { code: 'cancelled' } });
  const merging = mergeBackup(backup, findings, fresh.store, { known: nothingKnown, ...stopAt(100) });
  expect(await merging).toMatchObject({ error: { code: 'cancelled' } });
});

test('chunks that are joined while a backup is written are in it once', async () => {
  const old = await home();
  for (let at = 0; at < 100; at += 50) await old.store.append(history(at, at + 50));
  const { disk, keys } = old;
  const joined = (await disk.chunks(0, 9)).at(-1);
  const source = {
    meta: (prefix: string) => disk.meta(prefix),
    lastChunk: async () => 60,
    chunks: async (after: number) => (after < 50 ? [(await disk.chunks(0, 1))[0]!] : [joined!]),
  };
  const file = await writeBackup(source, { keys, passphrase: WORDS, now: NOW, iterations: FEW });
  expect(file.ok && (await opened(file.value)).findings.report).toMatchObject({ events: 100, isWhole: true });
});

test('the rows of a memory and of a restored profile agree', async () => {
  const [old, fresh] = [await home(), await home()];
  const all = [...history(0, 70), setting('dark'), setting('light'), sent('a'), rejected('a')];
  await old.store.append(all);
  await take(await backupOf(old), fresh);
  const memory = new MemoryRows([projection]);
  await memory.apply(...all);
  expect(await fresh.store.all(notes)).toHaveLength(71);
  expect(await fresh.store.get(notes, signed('a').id)).toEqual(await memory.get(notes, signed('a').id));
  expect((await fresh.store.queue.entries()).map(({ state }) => state)).toEqual(['refused']);
});
