import { afterEach, expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { SealedStore } from '#client/store/sealed/sealed-store.ts';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import { NOTE } from '#protocol/kinds.ts';
import { makeLine } from '#protocol/messages.ts';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import { openDisk, openSealed } from '../../../../tests/support/sealed-store.ts';
import { chatProjection } from '../projection.ts';
import { conversations, lines } from './tables.ts';

const [me, anna] = [fakeKey('a1'), fakeKey('b2')];
const talk = talkOf([me, anna], me);

const stores: SealedStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
const open = async (disk: MemoryDisk) => {
  const store = await openSealed(disk, { projections: [chatProjection] });
  stores.push(store);
  return store;
};
const publicly = (text: string, at: number): LocalEvent & { type: 'RelayEventSeen' } => ({
  type: 'RelayEventSeen',
  v: 1,
  event: fakeEvent({ ...makeLine({ group: 'plaza', kind: NOTE, text }), pubkey: anna, created_at: at }),
  relay: 'wss://city.example',
});
const privately = (content: string): LocalEvent & { type: 'WrapOpened' } => ({
  type: 'WrapOpened',
  v: 1,
  wrap: fakeKey('0f'),
  to: me,
  rumor: makeRumor({ kind: 14, content, tags: [] }, { author: anna, to: [me], at: 10 }),
});
const hidden = (line: string, conversation: string): LocalEvent => ({
  type: 'LineHidden',
  v: 1,
  line,
  conversation,
});

test('deleted for me: not seen, not found, not counted, not in the log; after a restart and anew from the log too', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  const [gone, stays, secret] = [publicly('canary', 10), publicly('remaining', 9), privately('canary')];
  await store.append([gone, stays, secret]);
  expect((await store.search({ text: 'canary' })).total).toBe(2);
  await store.append([hidden(gone.event.id, 'plaza'), hidden(secret.rumor.id, talk)]);
  const check = async (one: SealedStore): Promise<void> => {
    expect((await one.part(lines, { part: 'plaza' })).map(({ text }) => text)).toEqual(['remaining']);
    expect(await one.part(lines, { part: talk })).toEqual([]);
    expect(await one.get(conversations, 'plaza')).toMatchObject({ unread: 1, lastText: 'remaining' });
    expect((await one.search({ text: 'canary' })).total).toBe(0);
  };
  await check(store);
  // The relay still has it: it comes again, and is known.
  await store.append([{ ...gone, relay: 'wss://other.example' }]);
  await check(store);
  await store.checkpoint();
  for (const text of await openDisk(disk)) expect(text).not.toContain('canary');
  const again = await open(disk.copy());
  await check(again);
  await again.rebuild();
  await check(again);
});

test('hidden before it has come: it never shows', async () => {
  const store = await open(new MemoryDisk());
  const late = publicly('canary', 10);
  await store.append([hidden(late.event.id, 'plaza')]);
  await store.append([late]);
  expect(await store.part(lines, { part: 'plaza' })).toEqual([]);
});
