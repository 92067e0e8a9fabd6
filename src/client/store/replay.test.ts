import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { checkReplay } from '../../../tests/support/replay.ts';
import type { LocalEvent } from './local-events.ts';
import type { Projection } from './projection.ts';
import { defineTable } from './table.ts';

interface Latest {
  readonly room: string;
  readonly at: number;
  readonly text: string;
  readonly size?: number;
}
const latest = defineTable<Latest>({ name: 'latest', id: (row) => row.room, order: (row) => row.at });
const notes = defineTable<Latest & { id: string }>({
  name: 'notes',
  id: (row) => row.id,
  part: (row) => row.room,
  order: (row) => row.at,
});

/** Keeps a room's newest note (ties by text), every note but deleted ones. `careless` keeps the last that came. */
const newest = (careless = false): Projection => ({
  name: 'newest',
  version: 1,
  tables: [latest, notes],
  async project(rows, event) {
    if (event.type === 'EventDiscarded') return rows.delete(notes, event.id);
    if (event.type !== 'RelayEventSeen') return;
    const { id, created_at: at, content: text, tags } = event.event;
    const room = tags[0]?.[1] ?? '';
    rows.put(notes, { id, room, at, text });
    const old = await rows.get(latest, room);
    if (careless || !old || at > old.at || (at === old.at && text > old.text))
      rows.put(latest, { room, at, text });
    const now = await rows.get(latest, room);
    if (now) rows.put(latest, { ...now, size: (await rows.part(notes, { part: room })).length });
  },
});

const delivered = fc
  .record({
    at: fc.integer({ min: 0, max: 5 }),
    room: fc.constantFrom('a', 'b'),
    text: fc.constantFrom('x', 'y', 'z'),
  })
  .map(({ at, room, text }): LocalEvent => ({
    type: 'RelayEventSeen',
    v: 1,
    event: fakeEvent({ kind: 1, created_at: at, content: text, tags: [['h', room]] }),
    relay: 'wss://a.test',
  }));
const setting: LocalEvent = { type: 'SettingChanged', v: 1, name: 'x', value: 1 };
const history = fc.array(fc.oneof({ weight: 8, arbitrary: delivered }, fc.constant(setting)), {
  maxLength: 20,
});

test('a projection fit for any order passes the harness, one that trusts the order does not', async () => {
  await checkReplay([newest()], history, { runs: 50 });
  await checkReplay([newest(true)], history, { anyOrder: false, runs: 30 });
  await expect(checkReplay([newest(true)], history)).rejects.toThrow(/Property failed/);
});
