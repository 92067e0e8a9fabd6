import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { parseLine } from '#protocol/messages.ts';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../tests/support/memory-disk.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import {
  noteId,
  noteRows,
  noteSeen,
  notesProjection,
  notesTakenBack,
  noteText,
  openSealed,
  readLog,
} from '../../../tests/support/sealed-store.ts';
import { afterForgetting, isForgotten, withoutWords } from './forgetting.ts';
import type { LocalEvent } from './local-events.ts';
import { logKey } from './log-keys.ts';
import type { Projection } from './projection.ts';
import type { SealedStore } from './sealed/sealed-store.ts';

const stores: SealedStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
const open = async (...given: Parameters<typeof openSealed>) => {
  const store = await openSealed(...given);
  stores.push(store);
  return store;
};

test('what stays is enough for a tombstone in its place, and says nothing', () => {
  const id = 'e'.repeat(64);
  const event = fakeEvent({
    kind: 1,
    content: 'canary',
    tags: [
      ['h', 'plaza'],
      ['e', id, 'wss://a.test', 'root', 'a'.repeat(64), 'canary'],
      ['p', 'b'.repeat(64)],
      ['expiration', '5'],
      ['subject', 'canary'],
      ['imeta', 'url https://canary.test'],
      [],
    ],
  });
  const left = withoutWords({ type: 'RelayEventSeen', v: 1, event, relay: 'wss://a.test' });
  expect(JSON.stringify(left)).not.toContain('canary');
  expect(isForgotten(left)).toBe(true);
  expect(withoutWords(left)).toBe(left);
  const line = (one: LocalEvent) => (one.type === 'RelayEventSeen' ? parseLine(one.event) : undefined);
  expect(line(left)).toEqual({ ...parseLine(event), text: '' });
});

test('what holds no event, and other events, are left as they are', () => {
  const draft: LocalEvent = { type: 'DraftKept', v: 1, conversation: 'a', text: 'x', at: 1 };
  expect(withoutWords(draft)).toBe(draft);
  expect(afterForgetting(draft, new Set(['a']))).toBe(draft);
  expect(afterForgetting(noteSeen(1), new Set([noteId(2)]))).toEqual(noteSeen(1));
});

test('a deleted note’s words leave the log in the same transaction, whatever chunk they lie in', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(Array.from({ length: 120 }, (_, at) => noteSeen(at + 1)));
  await store.append([noteSeen(500)]);
  const before = disk.writes;
  const untouched = disk.chunkRecords.get(50);
  await store.append([noteSeen(600), notesTakenBack(70, 500, 600)]);
  expect(disk.writes).toBe(before + 1);
  expect([...disk.chunkRecords.keys()]).toEqual([50, 100, 120, 121, 123]);
  expect(disk.chunkRecords.get(50)).toBe(untouched);
  const log = JSON.stringify(await readLog(disk));
  for (const n of [70, 500, 600]) expect(log).not.toContain(noteText(n));
  for (const n of [1, 69, 71, 120]) expect(log).toContain(noteText(n));
});

test('a refused write leaves log and rows as they were', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([noteSeen(1)]);
  disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(store.append([notesTakenBack(1)])).rejects.toThrow('full');
  expect(JSON.stringify(await readLog(disk))).toContain(noteText(1));
  disk.guard = () => undefined;
  await store.append([notesTakenBack(1)]);
  expect(JSON.stringify(await readLog(disk))).not.toContain(noteText(1));
});

test('words that come after their end do not stay', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([notesTakenBack(1)]);
  await store.append([noteSeen(1)]);
  expect(JSON.stringify(await readLog(disk))).not.toContain(noteText(1));
  expect(await store.append([noteSeen(1)])).toEqual({ appended: 0, duplicates: 1 });
});

test('a projection that learns to forget has the words of earlier days forgotten when it is rebuilt', async () => {
  const disk = new MemoryDisk();
  const keeping: Projection = {
    ...notesProjection,
    project: (rows, event) =>
      notesProjection.project(
        new Proxy(rows, {
          get: (own, name: keyof typeof rows) =>
            name === 'forget' ? () => undefined : (own[name] as () => unknown).bind(own),
        }),
        event,
      ),
  };
  const first = await open(disk, { projections: [keeping] });
  await first.append([...Array.from({ length: 60 }, (_, at) => noteSeen(at + 1)), notesTakenBack(3, 55)]);
  await first.checkpoint();
  expect(JSON.stringify(await readLog(disk))).toContain(noteText(55));
  const next = await open(disk, { projections: [{ ...notesProjection, version: 2 }] });
  expect(await noteRows(next)).toEqual(await noteRows(first));
  const log = JSON.stringify(await readLog(disk));
  expect([log.includes(noteText(3)), log.includes(noteText(55)), log.includes(noteText(4))]).toEqual([
    false,
    false,
    true,
  ]);
});

test('what a projection wanted forgotten while it failed stays', async () => {
  const disk = new MemoryDisk();
  const careless: Projection = {
    ...notesProjection,
    project: async (rows, event) => {
      await notesProjection.project(rows, event);
      if (event.type === 'EventExpired') throw new Error('no');
    },
  };
  const store = await open(disk, { projections: [careless], failed: () => undefined });
  await store.append([noteSeen(1), { type: 'EventExpired', v: 1, id: noteId(1) }]);
  expect(JSON.stringify(await readLog(disk))).toContain(noteText(1));
});

const someNumber = fc.integer({ min: 1, max: 60 });
const anyDeed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(someNumber, fc.constantFrom('a', 'b')).map(([n, room]) => noteSeen(n, room)),
  },
  { weight: 2, arbitrary: fc.array(someNumber, { maxLength: 4 }).map((some) => notesTakenBack(...some)) },
  {
    weight: 1,
    arbitrary: someNumber.map((n): LocalEvent => ({ type: 'EventExpired', v: 1, id: noteId(n) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(someNumber, { maxLength: 4 })
      .map((some): LocalEvent => ({ type: 'EventsPurged', v: 1, ids: some.map(noteId) })),
  },
);

const shadowOf = async (events: readonly LocalEvent[]) => {
  const memory = new MemoryRows([notesProjection]);
  const known = new Set<string>();
  for (const event of events) {
    const key = logKey(event);
    if (key !== undefined && known.size === known.add(key).size) continue;
    await memory.apply(event);
  }
  return memory;
};

test('forgetting anywhere, then reopened or rebuilt: the same rows, row by row, and no word of what is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(anyDeed, { maxLength: 30 }), fc.boolean()), { minLength: 1, maxLength: 6 }),
      async (batches) => {
        const disk = new MemoryDisk();
        const store = await open(disk);
        for (const [events, checkpoints] of batches) {
          await store.append(events);
          if (checkpoints) await store.checkpoint();
        }
        const memory = await shadowOf(batches.flatMap(([events]) => events));
        const live = await noteRows(memory);
        expect(await noteRows(store)).toEqual(live);
        expect(await readLog(disk)).toEqual(memory.kept);
        expect(await noteRows(await open(disk.copy())), 'reopened').toEqual(live);
        await store.rebuild();
        expect(await noteRows(store), 'rebuilt').toEqual(live);
        const log = JSON.stringify(await readLog(disk));
        for (const note of live.notes)
          expect(log.includes(noteText(parseInt(note.id, 16)) + '"')).toBe(!note.gone);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
