/**
 * Sealed stores for tests: over any disk, as often as wanted, with one profile's key. And notes: a small feature with tombstones,
 * whose words leave the log when they are deleted, expired or purged.
 */
import type { LocalEvent } from '../../src/client/store/local-events.ts';
import type { Projection } from '../../src/client/store/projection.ts';
import { Packer } from '../../src/client/store/seal/packing.ts';
import { makeDataKey, openSealer } from '../../src/client/store/seal/sealer.ts';
import type { Disk } from '../../src/client/store/sealed/disk.ts';
import { LogBook } from '../../src/client/store/sealed/log-book.ts';
import { SealedStore } from '../../src/client/store/sealed/sealed-store.ts';
import type { SealedStoreOptions } from '../../src/client/store/sealed/sealed-store.ts';
import { Vessel } from '../../src/client/store/sealed/vessel.ts';
import { defineTable } from '../../src/client/store/table.ts';
import type { RowReader, RowWriter } from '../../src/client/store/table.ts';
import { Watchers } from '../../src/client/store/watchers.ts';
import { tagValues } from '../../src/protocol/tags.ts';
import { fakeEvent } from './fake-city.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { plainCompressor } from './profile-keys.ts';

const packer = new Packer(plainCompressor);
const dataKey = makeDataKey();
const deviceKey = makeDataKey();

export interface SealedOpening extends Partial<Omit<SealedStoreOptions, 'disk'>> {
  readonly subtle?: SubtleCrypto;
}

/** Seals and opens as every store of these tests does. */
export const vesselFor = async (subtle?: SubtleCrypto): Promise<Vessel> =>
  new Vessel(await openSealer(dataKey, { profile: 'test', ...(subtle ? { subtle } : {}) }), packer);

/** Opens the profile's store over a disk. */
export const openSealed = async (
  disk: Disk,
  { subtle, ...options }: SealedOpening = {},
): Promise<SealedStore> => {
  const place = { profile: 'test', ...(subtle ? { subtle } : {}) };
  const sealer = await openSealer(dataKey, place);
  return SealedStore.open({
    disk,
    vessel: new Vessel(sealer, packer),
    outboxVessel: new Vessel(await openSealer(deviceKey, place), packer),
    seed: await sealer.words('index', 2),
    projections: [notesProjection],
    watchers: new Watchers(),
    failed: (_name, _event, cause) => {
      throw cause;
    },
    ...options,
  });
};

/** Everything in the log, opened: by number, as it was written. */
export const readLog = async (disk: Disk): Promise<unknown[]> => {
  const chunks = await new LogBook(disk, await vesselFor()).open(0, 100_000);
  return chunks.flatMap(({ values }) => values ?? []);
};

interface Note {
  readonly id: string;
  readonly room: string;
  readonly at: number;
  readonly text: string;
  readonly gone: boolean;
}
export const notes = defineTable<Note>({
  name: 'notes',
  id: (one) => one.id,
  part: (one) => one.room,
  order: (one) => one.at,
});
const ended = defineTable<{ readonly id: string }>({ name: 'ended', id: (one) => one.id });
const totals = defineTable<{ readonly room: string; readonly count: number }>({
  name: 'totals',
  id: (one) => one.room,
});

const putNote = async (rows: RowWriter, note: Note): Promise<void> => {
  const before = await rows.get(notes, note.id);
  const isGone = (await rows.get(ended, note.id)) !== undefined;
  if (isGone) rows.forget(note.id);
  const total = await rows.get(totals, note.room);
  const grows = Number(!isGone) - Number(before?.gone === false);
  rows.put(totals, { room: note.room, count: (total?.count ?? 0) + grows });
  rows.put(notes, isGone ? { ...note, text: '', gone: true } : note);
};

const end = async (rows: RowWriter, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    rows.put(ended, { id });
    const note = await rows.get(notes, id);
    if (note) await putNote(rows, note);
  }
};

/** Notes of rooms (kind 1, tag `h`), taken back by kind 5. */
export const notesProjection: Projection = {
  name: 'notes',
  version: 1,
  tables: [notes, ended, totals],
  async project(rows, local) {
    if (local.type === 'EventExpired') return end(rows, [local.id]);
    if (local.type === 'EventsPurged') return end(rows, local.ids);
    if (local.type !== 'RelayEventSeen') return;
    const { id, kind, content: text, created_at: at } = local.event;
    if (kind === 5) return end(rows, tagValues(local.event, 'e'));
    await putNote(rows, { id, room: tagValues(local.event, 'h')[0] ?? '', at, text, gone: false });
  },
};

/** All rows that the notes have, to compare. */
export const noteRows = async (rows: RowReader) => ({
  notes: await rows.all(notes),
  totals: await rows.all(totals),
  ended: await rows.all(ended),
  room: await rows.part(notes, { part: 'a', limit: 5 }),
});

export const noteId = (n: number): string => n.toString(16).padStart(64, '0');
/** The words of a note, found nowhere else. */
export const noteText = (n: number): string => `canary ${n} of the notes`;
/** A note that a relay delivered. */
export const noteSeen = (n: number, room = 'a', tags: readonly (readonly string[])[] = []): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: {
    ...fakeEvent({ kind: 1, created_at: 1000 + n, content: noteText(n), tags: [['h', room], ...tags] }),
    id: noteId(n),
  },
  relay: 'wss://a.test',
});
/** Notes taken back. */
export const notesTakenBack = (...numbers: number[]): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: fakeEvent({ kind: 5, tags: numbers.map((n) => ['e', noteId(n)]) }),
  relay: 'wss://a.test',
});

/** Every record of a disk that the profile's key opens, as text: what a thief with the passphrase would read. */
export const openDisk = async (disk: MemoryDisk): Promise<string[]> => {
  const vessel = await vesselFor();
  const opened = async (table: string, key: string | number, sealed: Uint8Array<ArrayBuffer>) => {
    const bytes = await vessel.takeBytes({ table, key }, sealed);
    if (!bytes.ok) throw new Error(`${table} ${key} does not open`);
    const value = packer.unpack(bytes.value);
    return value.ok ? JSON.stringify(value.value) : Buffer.from(bytes.value).toString('latin1');
  };
  return Promise.all([
    ...[...disk.chunkRecords].map(([key, sealed]) => opened('log', key, sealed)),
    ...[...disk.pageRecords].map(([key, sealed]) => opened('pages', key, sealed)),
    ...[...disk.metaRecords].map(([key, sealed]) => opened('meta', key, sealed)),
  ]);
};
