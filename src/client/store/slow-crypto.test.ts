/** The trap of IndexedDB: whoever awaits anything else within a transaction finds it committed. Here all cryptography takes a timer's time. */
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import {
  noteId,
  noteRows,
  notes,
  noteSeen,
  notesTakenBack,
  noteText,
  openSealed,
  readLog,
} from '../../../tests/support/sealed-store.ts';
import { DexieDisk } from './disk/dexie-disk.ts';
import { systemClock } from '#shared/time.ts';

const slowly: SubtleCrypto = new Proxy(crypto.subtle, {
  get:
    (subtle, name: keyof SubtleCrypto) =>
    async (...args: never[]) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return (subtle[name] as (...all: never[]) => unknown).apply(subtle, args);
    },
});

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => noteSeen(from + at));

test('a whole life over the real disk: append, checkpoint, reopen, forget, put away, purge, join, rebuild', async () => {
  const clock = { time: systemClock.now(), now: () => clock.time };
  const open = () => openSealed(new DexieDisk('slow crypto'), { subtle: slowly, clock });
  let store = await open();
  const appends = Array.from({ length: 20 }, (_, at) => store.append(upTo(10, at * 8 + 1)));
  const reading = Promise.all(Array.from({ length: 10 }, () => store.part(notes, { part: 'a' })));
  await Promise.all([...appends, store.checkpoint(), store.writeMeta('x', { y: 1 })]);
  for (const rows of await reading) expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(await store.all(notes)).toHaveLength(162);

  await Promise.all([store.append([notesTakenBack(1, 2, 80)]), store.append([notesTakenBack(81)])]);
  const rows = await noteRows(store);
  store.close();
  store = await open();
  expect(await noteRows(store)).toEqual(rows);
  expect(await store.readMeta('x')).toEqual({ y: 1 });

  await store.append([
    { type: 'ConversationCleared', v: 1, conversation: 'a', upTo: 1100, at: clock.time },
    noteSeen(300, 'a', [['expiration', String(clock.time + 10)]]),
  ]);
  clock.time += 31 * 86_400;
  await Promise.all([store.tidyUp(), store.append(upTo(5, 400)), store.checkpoint()]);
  await store.tidyUp();
  const purged = await noteRows(store);
  await Promise.all([store.rebuild(), store.append([noteSeen(500)])]);
  await store.append([notesTakenBack(500)]);
  const before = await noteRows(store);
  expect(before.notes.filter(({ id }) => id !== noteId(500))).toEqual(purged.notes);
  await store.checkpoint();
  store.close();

  store = await open();
  expect(await noteRows(store)).toEqual(before);
  expect(store.losses).toEqual([]);
  store.close();
  const disk = new DexieDisk('slow crypto');
  const log = JSON.stringify(await readLog(disk));
  disk.close();
  for (const n of [1, 2, 80, 81, 100, 300, 500]) expect(log).not.toContain(`${noteText(n)}"`);
  for (const n of [101, 162, 404]) expect(log).toContain(`${noteText(n)}"`);
}, 60_000);
