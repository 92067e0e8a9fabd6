import { afterEach, expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { SealedStore } from '#client/store/sealed/sealed-store.ts';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { Draft } from '#protocol/event.ts';
import { makeEdit } from '#protocol/lines/edits.ts';
import { makeDeletion, makeReaction } from '#protocol/messages.ts';
import { DAY } from '#shared/time.ts';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import { openDisk, openSealed, readLog } from '../../../../tests/support/sealed-store.ts';
import { chatProjection } from '../projection.ts';
import { lines, outgoing, reactions } from './tables.ts';
import { edits } from './wording.ts';

const [me, anna, eve] = [fakeKey('a1'), fakeKey('b2'), fakeKey('ee')];
const talk = talkOf([me, anna], me);
const clock = { time: 1_900_000_000, now: () => clock.time };
const RELAY = 'wss://city.example';

const stores: SealedStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
const open = async (disk: MemoryDisk) => {
  const store = await openSealed(disk, { projections: [chatProjection], clock });
  stores.push(store);
  return store;
};

let numbered = 0;
const nextId = () => (++numbered).toString(16).padStart(64, '0');
const say = (author: string, draft: Draft, to = [author === me ? anna : me]): Rumor =>
  makeRumor(draft, { author, to, at: clock.time });
const words = (text: string): Draft => ({ kind: 14, content: text, tags: [['subject', text]] });

/** As it comes from a relay: the wrap, and what was in it. */
const came = (rumor: Rumor, wrap = nextId()): LocalEvent[] => {
  const event = {
    ...fakeEvent({ kind: 1059, content: `sealed ${rumor.content}`, tags: [['p', me]] }),
    id: wrap,
  };
  return [
    { type: 'RelayEventSeen', v: 1, event, relay: RELAY },
    { type: 'WrapOpened', v: 1, wrap, to: me, rumor },
  ];
};
const sent = (rumor: Rumor): LocalEvent[] => {
  const own = {
    ...fakeEvent({ kind: 1059, content: `sealed ${rumor.content}`, tags: [['p', me]] }),
    id: nextId(),
  };
  const wraps = [
    { id: nextId(), to: anna },
    { id: own.id, to: me },
  ];
  return [
    { type: 'RumorSent', v: 1, rumor, wraps },
    { type: 'EventSigned', v: 1, event: own, relays: [RELAY] },
    ...wraps.map(({ id }): LocalEvent => ({ type: 'EventAccepted', v: 1, id, relay: RELAY, note: '' })),
    { type: 'RelayEventSeen', v: 1, event: own, relay: RELAY },
  ];
};
const takenBack = (author: string, rumor: Rumor): Rumor => say(author, makeDeletion([rumor]));
const everything = async (store: SealedStore) => [
  await store.all(lines),
  await store.all(reactions),
  await store.all(edits),
  await store.all(outgoing),
];

test('a stranger, another of the talk, or who comes first with a deletion: not a word of others is forgotten', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  const theirs = say(anna, words('canary of anna'));
  const mine = say(me, words('canary of mine'));
  await store.append([
    ...came(takenBack(eve, theirs)),
    ...came(theirs),
    ...sent(mine),
    ...came(takenBack(anna, mine)),
    ...sent(takenBack(me, theirs)),
  ]);
  await store.checkpoint();
  expect((await store.part(lines, { part: talk })).map(({ text }) => text).sort()).toEqual([
    'canary of anna',
    'canary of mine',
  ]);
  const log = JSON.stringify(await readLog(disk));
  for (const text of ['sealed canary of anna', 'canary of mine']) expect(log).toContain(text);
});

test('taken back by its author: no word of it is left, whichever way it came and whichever came first', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  const theirs = say(anna, words('canary one'));
  const early = say(anna, words('canary two'));
  const mine = say(me, words('canary three'));
  const file = say(anna, {
    kind: 15,
    content: 'https://canary.test',
    tags: [['decryption-key', 'canary key']],
  });
  const stays = say(anna, words('remaining'));
  const heart = say(anna, makeReaction(talk, { id: theirs.id, pubkey: anna, kind: 14 }, 'canary'));
  await store.append([
    ...came(theirs),
    ...came(theirs),
    ...came(say(anna, makeEdit(talk, theirs.id, 'canary worded anew'))),
    ...came(heart),
    ...sent(mine),
    ...sent(say(me, makeEdit(talk, mine.id, 'canary worded anew'))),
    ...came(file),
    ...came(stays),
  ]);
  await store.checkpoint();
  expect((await openDisk(disk)).filter((text) => text.includes('canary')).length).toBeGreaterThan(0);
  await store.append([
    ...came(takenBack(anna, theirs)),
    ...came(takenBack(anna, early)),
    ...came(early),
    ...came(takenBack(anna, file)),
    ...came(takenBack(anna, heart)),
    ...sent(takenBack(me, mine)),
  ]);
  await store.checkpoint();
  for (const text of await openDisk(disk)) expect(text).not.toContain('canary');
  expect((await openDisk(disk)).join()).toContain('remaining');
  const rows = await everything(store);
  expect((await store.part(lines, { part: talk })).filter(({ deletedBy }) => deletedBy).length).toBe(4);

  const again = await open(disk.copy());
  expect(await everything(again)).toEqual(rows);
  await again.rebuild();
  expect(await everything(again)).toEqual(rows);
});

test('a private talk that was put away for thirty days is forgotten as a place is', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([...came(say(anna, words('canary away'))), ...sent(say(me, words('canary too')))]);
  await store.append([
    { type: 'ConversationCleared', v: 1, conversation: talk, upTo: clock.time, at: clock.time },
  ]);
  clock.time += 30 * DAY;
  await store.tidyUp();
  await store.checkpoint();
  for (const text of await openDisk(disk)) expect(text).not.toContain('canary');
});

test('one line in a thousand wraps takes no more room than one', async () => {
  const store = await open(new MemoryDisk());
  const rumor = say(anna, words('again and again'));
  await store.append(Array.from({ length: 100 }, () => came(rumor)).flat());
  expect((await store.get(lines, rumor.id))?.relays).toHaveLength(20);
});
