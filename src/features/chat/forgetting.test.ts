import { afterEach, expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { SealedStore } from '#client/store/sealed/sealed-store.ts';
import type { Draft } from '#protocol/event.ts';
import { makeDeleteEvent } from '#protocol/groups.ts';
import { NOTE } from '#protocol/kinds.ts';
import { makeDeletion, makeLine, makeReaction } from '#protocol/messages.ts';
import { DAY } from '#shared/time.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../tests/support/memory-disk.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { openDisk, openSealed } from '../../../tests/support/sealed-store.ts';
import { chatProjection } from './projection.ts';
import { conversations, lines, reactions } from './rows/tables.ts';

const ANNA = fakeKey('a1');
const BEN = fakeKey('b2');
const ADMIN = fakeKey('ad');
const RELAY = 'wss://city.example';

const stores: SealedStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
const clock = { time: 1_900_000_000, now: () => clock.time };
const open = async (disk: MemoryDisk) => {
  const store = await openSealed(disk, { projections: [chatProjection], clock });
  stores.push(store);
  return store;
};

const seen = (draft: Draft, pubkey: string, created_at: number) => {
  const event = fakeEvent({ ...draft, pubkey, created_at });
  return { event, local: { type: 'RelayEventSeen', v: 1, event, relay: RELAY } satisfies LocalEvent };
};
const line = (text: string, at: number, extra: readonly string[][] = []) => {
  const draft = makeLine({ group: 'plaza', kind: NOTE, text });
  return seen({ ...draft, tags: [...draft.tags, ...extra] }, BEN, at);
};

test('deleted, removed, expired, purged or given up: nobody who opens all there is finds a word of it', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  const taken = line('canary-taken of the plaza', 10);
  const removed = line('canary-removed of the plaza', 11, [['subject', 'canary-subject']]);
  const ending = line('canary-ending of the plaza', 12, [['expiration', String(clock.time + 60)]]);
  const away = line('canary-away of the plaza', 13);
  const heart = seen(makeReaction('plaza', away.event, 'canary-heart'), ANNA, 14);
  const stays = line('remaining words', 20);
  const mine = fakeEvent({ ...makeLine({ group: 'plaza', kind: NOTE, text: 'canary-mine' }), pubkey: ANNA });
  await store.append([taken, removed, ending, away, heart, stays].map(({ local }) => local));
  await store.append([{ type: 'EventSigned', v: 1, event: mine, relays: [RELAY] }]);
  await store.checkpoint();
  expect((await openDisk(disk)).filter((text) => text.includes('canary-')).length).toBeGreaterThan(1);

  await store.append([
    seen(makeDeletion([taken.event], 'plaza'), BEN, 30).local,
    seen(makeDeleteEvent('plaza', removed.event.id), ADMIN, 31).local,
    { type: 'EventDiscarded', v: 1, id: mine.id },
    { type: 'ConversationCleared', v: 1, conversation: 'plaza', upTo: 15, at: clock.time },
  ]);
  expect((await store.part(lines, { part: 'plaza' })).map(({ text }) => text)).toEqual(['remaining words']);
  expect((await store.search({ text: 'plaza' })).total).toBe(0);
  clock.time += 30 * DAY;
  await store.tidyUp();
  await store.checkpoint();
  const rows = await everything(store);
  for (const text of await openDisk(disk)) expect(text).not.toMatch(/canary/);
  expect((await openDisk(disk)).join()).toContain('remaining words');

  const again = await open(disk.copy());
  expect(await everything(again)).toEqual(rows);
  await again.rebuild();
  expect(await everything(again)).toEqual(rows);
  await again.append([{ type: 'ConversationRestored', v: 1, conversation: 'plaza' }]);
  // Tombstones of the deletions come back; what expired and what was purged does not.
  expect((await again.part(lines, { part: 'plaza' })).map(({ deletedBy }) => deletedBy)).toEqual([
    undefined,
    ADMIN,
    BEN,
  ]);
});

const everything = async (store: SealedStore) => [
  await store.all(lines),
  await store.all(conversations),
  await store.all(reactions),
];

test('what is put away is found again once it is wanted back', async () => {
  const store = await open(new MemoryDisk());
  await store.append([line('searching for gold', 10).local, line('silver', 20).local]);
  const count = async () => (await store.search({ text: 'gold' })).total;
  expect(await count()).toBe(1);
  await store.append([{ type: 'ConversationCleared', v: 1, conversation: 'plaza', upTo: 15, at: 1 }]);
  expect(await count()).toBe(0);
  await store.append([{ type: 'ConversationRestored', v: 1, conversation: 'plaza' }]);
  expect(await count()).toBe(1);
});

test('five thousand lines are put away and had back in a moment', async () => {
  const memory = new MemoryRows([chatProjection]);
  await memory.apply(...Array.from({ length: 5000 }, (_, at) => line(`line ${at}`, 100 + at).local));
  const before = memory.dump();
  const started = performance.now();
  await memory.apply({ type: 'ConversationCleared', v: 1, conversation: 'plaza', upTo: 20_000, at: 1 });
  expect(await memory.get(conversations, 'plaza')).toMatchObject({ lines: 0, unread: 0, lastId: '' });
  await memory.apply({ type: 'ConversationRestored', v: 1, conversation: 'plaza' });
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(memory.dump()).toEqual(before);
}, 30_000);
