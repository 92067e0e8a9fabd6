import { afterEach, expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { SealedStore } from '#client/store/sealed/sealed-store.ts';
import { makeDisappearing } from '#protocol/direct/disappearing.ts';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { DAY } from '#shared/time.ts';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { openDisk, openSealed } from '../../../../tests/support/sealed-store.ts';
import { chatProjection } from '../projection.ts';
import { staysIn } from './staying.ts';
import { conversations, lines } from './tables.ts';

const [me, anna] = [fakeKey('a1'), fakeKey('b2')];
const talk = talkOf([me, anna], me);
const NOW = 1_900_000_000;

const stores: SealedStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
const clock = { time: NOW, now: () => clock.time };
const open = async (disk: MemoryDisk) => {
  const store = await openSealed(disk, { projections: [chatProjection], clock });
  stores.push(store);
  return store;
};
let wraps = 0;
const came = (draft: Draft, at: number, author = anna): LocalEvent & { type: 'WrapOpened' } => ({
  type: 'WrapOpened',
  v: 1,
  wrap: (++wraps).toString(16).padStart(64, '0'),
  to: me,
  rumor: makeRumor(draft, { author, to: [author === me ? anna : me], at }),
});
const words = (text: string, end?: number): Draft => ({
  kind: 14,
  content: text,
  tags: end === undefined ? [] : [['expiration', String(end)]],
});

test('who sets it is told as a line; the newest word counts, in any order; it is nothing unread', async () => {
  const said = [
    came(makeDisappearing(talk, DAY), NOW),
    came(makeDisappearing(talk, 60), NOW + 5),
    came(words('Hi'), NOW),
  ];
  for (const order of [said, [...said].reverse()]) {
    const rows = new MemoryRows([chatProjection]);
    await rows.apply(...order);
    expect(await staysIn(rows, talk)).toBe(60);
    expect(await rows.get(conversations, talk)).toMatchObject({ unread: 1, lines: 1, lastText: 'Hi' });
    expect((await rows.part(lines, { part: talk })).flatMap(({ stays }) => stays ?? [])).toEqual([60, DAY]);
  }
});

test('nonsense changes nothing, and nobody sets it for a talk from outside or for a place', async () => {
  const rows = new MemoryRows([chatProjection]);
  await rows.apply(
    came({ kind: 20016, content: '', tags: [['after', '5']] }, NOW),
    {
      type: 'RelayEventSeen',
      v: 1,
      event: fakeEvent({ ...makeDisappearing(talk, DAY), pubkey: anna }),
      relay: 'wss://city.example',
    },
    { type: 'LinesStay', v: 1, conversation: talk, after: DAY },
  );
  expect(await staysIn(rows, talk)).toBe(0);
  expect(await rows.all(lines)).toEqual([]);
});

test('in a place everybody chooses for themselves, and the last choice counts', async () => {
  const rows = new MemoryRows([chatProjection]);
  const choose = (after: number): LocalEvent => ({ type: 'LinesStay', v: 1, conversation: 'plaza', after });
  await rows.apply(choose(DAY), choose(0), choose(60));
  expect(await staysIn(rows, 'plaza')).toBe(60);
});

test('what has ended is gone from rows, log and index, also when nobody was here at the time', async () => {
  const disk = new MemoryDisk();
  clock.time = NOW;
  const store = await open(disk);
  await store.append([
    came(words('canary soon', NOW + 60), NOW),
    came(words('remaining', NOW + 40 * DAY), NOW),
  ]);
  expect((await store.search({ text: 'canary' })).total).toBe(1);
  await store.checkpoint();
  store.close();
  clock.time = NOW + 30 * DAY;
  // The very first look after the opening.
  const later = await open(disk.copy());
  expect((await later.part(lines, { part: talk })).map(({ text }) => text)).toEqual(['remaining']);
  expect((await later.search({ text: 'canary' })).total).toBe(0);
  await later.checkpoint();
  const again = await open(disk.copy());
  await again.rebuild();
  expect((await again.part(lines, { part: talk })).map(({ text }) => text)).toEqual(['remaining']);
});

test('nothing of it is left on the disk', async () => {
  const disk = new MemoryDisk();
  clock.time = NOW;
  const store = await open(disk);
  await store.append([
    came(words('canary soon', NOW + 60), NOW),
    came(words('canary past', NOW - 60), NOW - DAY),
  ]);
  clock.time = NOW + 61;
  await store.tidyUp();
  await store.checkpoint();
  for (const text of await openDisk(disk)) expect(text).not.toContain('canary');
});
