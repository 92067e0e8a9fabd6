import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { makeDeleteEvent } from '#protocol/groups.ts';
import { CHAT_LINE, NOTE } from '#protocol/kinds.ts';
import { makeImeta } from '#protocol/media/attachments.ts';
import { makeDeletion, makeLine, makeReaction, makeSequenceTag } from '#protocol/messages.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { checkReplay } from '../../../tests/support/replay.ts';
import { chatProjection } from './projection.ts';
import { conversations, lines, reactions, replies } from './rows/tables.ts';

const RELAY = 'wss://city.example';
const OTHER = 'wss://elsewhere.example';
const hex = (seed: string) => seed.padEnd(64, '0');
const ANNA = hex('a');
const BEN = hex('b');
const ADMIN = hex('ad');

let counter = 0;
const event = (draft: Draft, pubkey: string, at = 1000 + counter): NostrEvent => ({
  ...draft,
  pubkey,
  created_at: draft.created_at ?? at,
  id: hex((++counter + 0x1000).toString(16)),
  sig: hex('f').repeat(2),
});
const seen = (one: NostrEvent, relay = RELAY): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: one,
  relay,
});
const signed = (one: NostrEvent): LocalEvent => ({ type: 'EventSigned', v: 1, event: one, relays: [RELAY] });
const accepted = (one: NostrEvent): LocalEvent => ({
  type: 'EventAccepted',
  v: 1,
  id: one.id,
  relay: RELAY,
  note: '',
});
const rejected = (one: NostrEvent, reason: string): LocalEvent => ({
  type: 'EventRejected',
  v: 1,
  id: one.id,
  relay: RELAY,
  reason,
});
const discarded = (one: NostrEvent): LocalEvent => ({ type: 'EventDiscarded', v: 1, id: one.id });
const read = (upTo: number): LocalEvent => ({ type: 'ConversationRead', v: 1, conversation: 'plaza', upTo });
const line = (text: string, by = ANNA, replyTo?: NostrEvent, at?: number) =>
  event(makeLine({ group: 'plaza', kind: NOTE, text, ...(replyTo ? { replyTo } : {}) }), by, at);

let rows: MemoryRows;
beforeEach(() => {
  rows = new MemoryRows([chatProjection]);
});
const lineOf = (one: NostrEvent) => rows.get(lines, one.id);
const plaza = () => rows.get(conversations, 'plaza');

describe('lines', () => {
  test('a line from the relay is sent, and counts in its conversation', async () => {
    const one = line('hello');
    await rows.apply(seen(one));
    expect(await lineOf(one)).toMatchObject({ text: 'hello', author: ANNA, state: 'sent', relays: [RELAY] });
    expect(await plaza()).toMatchObject({
      lines: 1,
      unread: 1,
      lastText: 'hello',
      lastAuthor: ANNA,
      lastId: one.id,
    });
  });

  test('the conversation keeps the newest line whatever came last', async () => {
    const old = line('old', ANNA, undefined, 5);
    const young = line('young', BEN, undefined, 9);
    await rows.apply(seen(young), seen(old));
    expect(await plaza()).toMatchObject({ lastText: 'young', lastAt: 9, lines: 2 });
  });

  test('events without a group and of foreign kinds leave nothing', async () => {
    await rows.apply(
      seen(event({ kind: NOTE, tags: [], content: 'x' }, ANNA)),
      seen(event({ kind: 4242, tags: [['h', 'plaza']], content: 'x' }, ANNA)),
    );
    expect(rows.dump().filter((row) => row.t !== 'line_selves')).toEqual([]);
  });

  test('a reply stands under its root and under the line it answers', async () => {
    const root = line('root');
    const first = line('first', BEN, root);
    const second = event(
      makeLine({ group: 'plaza', kind: NOTE, text: 'second', replyTo: { ...first, root: root.id } }),
      ANNA,
    );
    await rows.apply(seen(second), seen(first), seen(root));
    expect((await rows.part(replies, { part: root.id })).map((row) => row.line)).toEqual([
      second.id,
      first.id,
    ]);
    expect((await rows.part(replies, { part: first.id })).map((row) => row.line)).toEqual([second.id]);
  });

  test('a chat line answers by quoting', async () => {
    const root = line('root');
    const reply = event(makeLine({ group: 'plaza', kind: CHAT_LINE, text: 'yes', replyTo: root }), BEN);
    await rows.apply(seen(reply));
    expect(await lineOf(reply)).toMatchObject({ replyTo: root.id });
    expect(await rows.count(replies, root.id)).toBe(1);
  });
});

describe('delivery', () => {
  test('signed is pending, an answer makes it sent', async () => {
    const one = line('mine');
    await rows.apply(signed(one));
    expect((await lineOf(one))?.state).toBe('pending');
    await rows.apply(accepted(one));
    expect(await lineOf(one)).toMatchObject({ state: 'sent', relays: [RELAY] });
  });

  test('the relay handing it back is an answer too', async () => {
    const one = line('mine');
    await rows.apply(signed(one), seen(one));
    expect((await lineOf(one))?.state).toBe('sent');
    expect((await plaza())?.lines).toBe(1);
  });

  test('a refusal keeps the words of the relay until it is sent after all', async () => {
    const one = line('mine');
    await rows.apply(signed(one), rejected(one, 'restricted: not a member'));
    expect(await lineOf(one)).toMatchObject({ state: 'failed', reason: 'restricted: not a member' });
    await rows.apply(accepted(one));
    expect((await lineOf(one))?.reason).toBeUndefined();
    await rows.apply(rejected(one, 'error: late'));
    expect((await lineOf(one))?.state).toBe('sent');
  });

  test('a discarded line is gone and the line before it is the newest again', async () => {
    const other = line('other', BEN, undefined, 10);
    const mine = line('mine', ANNA, other, 20);
    await rows.apply(seen(other), signed(mine), rejected(mine, 'error: no'), discarded(mine));
    expect(await lineOf(mine)).toBeUndefined();
    expect(await rows.count(replies, other.id)).toBe(0);
    expect(await plaza()).toMatchObject({ lines: 1, lastText: 'other' });
  });

  test('what a relay has is not given up', async () => {
    const one = line('mine');
    await rows.apply(signed(one), accepted(one), discarded(one));
    expect((await lineOf(one))?.state).toBe('sent');
  });
});

describe('deletion', () => {
  const texts = () => JSON.stringify(rows.dump());

  test('the author takes a line back: the text is nowhere, a tombstone stays', async () => {
    const one = line('secret words');
    await rows.apply(seen(one), seen(event(makeDeletion([one], 'plaza'), ANNA)));
    expect(await lineOf(one)).toMatchObject({ text: '', deletedBy: ANNA });
    expect(texts()).not.toContain('secret words');
    expect(await plaza()).toMatchObject({ lines: 0, unread: 0, lastText: '', lastAt: 0 });
  });

  test('a deletion that comes first holds for the line that follows', async () => {
    const one = line('secret words');
    await rows.apply(seen(event(makeDeletion([one], 'plaza'), ANNA)), seen(one));
    expect(await lineOf(one)).toMatchObject({ text: '', deletedBy: ANNA });
    expect(texts()).not.toContain('secret words');
  });

  test('nobody takes back what another wrote', async () => {
    const one = line('stays');
    await rows.apply(seen(event(makeDeletion([one], 'plaza'), BEN)), seen(one));
    expect((await lineOf(one))?.text).toBe('stays');
  });

  test("an admin's deletion counts from the line's own relay and group only", async () => {
    const one = line('spam');
    await rows.apply(seen(one));
    await rows.apply(seen(event(makeDeleteEvent('plaza', one.id), ADMIN), OTHER));
    await rows.apply(seen(event(makeDeleteEvent('market', one.id), ADMIN)));
    expect((await lineOf(one))?.text).toBe('spam');
    await rows.apply(seen(event(makeDeleteEvent('plaza', one.id), ADMIN)));
    expect(await lineOf(one)).toMatchObject({ text: '', deletedBy: ADMIN });
  });

  test('a deletion signed here hides at once, and shows again when it is refused', async () => {
    const one = line('hello', BEN);
    const deletion = event(makeDeleteEvent('plaza', one.id), ADMIN);
    await rows.apply(seen(one), signed(deletion));
    expect(await lineOf(one)).toMatchObject({ leaving: true, text: 'hello' });
    expect((await plaza())?.lines).toBe(0);
    await rows.apply(rejected(deletion, 'restricted: not an admin'));
    expect(await lineOf(one)).not.toHaveProperty('leaving');
    expect(await plaza()).toMatchObject({ lines: 1, lastText: 'hello' });
    await rows.apply(accepted(deletion));
    expect(await lineOf(one)).toMatchObject({ text: '', deletedBy: ADMIN });
  });

  test('a discarded deletion never was', async () => {
    const one = line('hello');
    const deletion = event(makeDeletion([one], 'plaza'), ANNA);
    await rows.apply(seen(one), signed(deletion), discarded(deletion));
    expect((await lineOf(one))?.leaving).toBeUndefined();
  });
});

describe('reactions', () => {
  test('a reaction before its line waits under it', async () => {
    const one = line('hello');
    const heart = event(makeReaction('plaza', one, '❤️'), BEN);
    await rows.apply(seen(heart), seen(one));
    expect(await rows.part(reactions, { part: one.id })).toMatchObject([
      { emoji: '❤️', author: BEN, state: 'sent' },
    ]);
  });

  test('taken back, its emoji is gone, also when another relay brings it again', async () => {
    const one = line('hello');
    const heart = event(makeReaction('plaza', one, '❤️'), BEN);
    const back = event(makeDeletion([heart], 'plaza'), BEN);
    await rows.apply(seen(back), seen(heart), seen(heart, OTHER));
    expect(await rows.part(reactions, { part: one.id })).toMatchObject([{ emoji: '', gone: true }]);
  });

  test('own ones are pending, refused ones failed, discarded ones gone', async () => {
    const one = line('hello');
    const heart = event(makeReaction('plaza', one, '❤️'), BEN);
    await rows.apply(signed(heart));
    expect((await rows.get(reactions, heart.id))?.state).toBe('pending');
    await rows.apply(rejected(heart, 'error: no'));
    expect((await rows.get(reactions, heart.id))?.state).toBe('failed');
    await rows.apply(discarded(heart));
    expect(await rows.get(reactions, heart.id)).toBeUndefined();
  });
});

describe('reading', () => {
  test('unread counts the lines of others after the mark', async () => {
    await rows.apply(seen(line('1', BEN, undefined, 10)), seen(line('2', BEN, undefined, 20)), read(10));
    expect(await plaza()).toMatchObject({ unread: 1, readUpTo: 10 });
    await rows.apply(seen(line('3', BEN, undefined, 30)), seen(line('late', BEN, undefined, 5)));
    expect((await plaza())?.unread).toBe(2);
    await rows.apply(read(30), read(20));
    expect(await plaza()).toMatchObject({ unread: 0, readUpTo: 30 });
  });

  test('own lines are never unread, also those from another device', async () => {
    await rows.apply(
      seen(line('from my phone', ANNA, undefined, 10)),
      seen(line('theirs', BEN, undefined, 11)),
    );
    expect((await plaza())?.unread).toBe(2);
    await rows.apply(signed(line('from here', ANNA, undefined, 12)));
    expect((await plaza())?.unread).toBe(1);
  });

  test('drafts are kept, and ended by an empty one', async () => {
    const draft = (text: string): LocalEvent => ({
      type: 'DraftKept',
      v: 1,
      conversation: 'plaza',
      text,
      at: 1,
    });
    await rows.apply(draft('half a thou'));
    expect((await plaza())?.draft).toBe('half a thou');
    await rows.apply(draft(''));
    expect((await plaza())?.draft).toBe('');
  });
});

const cleared = (upTo: number, conversation = 'plaza'): LocalEvent => ({
  type: 'ConversationCleared',
  v: 1,
  conversation,
  upTo,
  at: 5000,
});
const restored: LocalEvent = { type: 'ConversationRestored', v: 1, conversation: 'plaza' };
const expired = (id: string): LocalEvent => ({ type: 'EventExpired', v: 1, id });
const purged = (...ids: string[]): LocalEvent => ({ type: 'EventsPurged', v: 1, ids });
const shown = async () => (await rows.part(lines, { part: 'plaza' })).map(({ text }) => text);

describe('putting away', () => {
  const talk = () => [
    line('one', BEN, undefined, 10),
    line('two', BEN, undefined, 20),
    line('three', BEN, undefined, 30),
  ];

  test('lines up to a time are neither shown nor counted, whenever they come', async () => {
    const [one, two, three] = talk() as [NostrEvent, NostrEvent, NostrEvent];
    await rows.apply(seen(one), seen(three), cleared(20));
    expect(await shown()).toEqual(['three']);
    expect(await plaza()).toMatchObject({ lines: 1, unread: 1, lastText: 'three' });
    await rows.apply(seen(two));
    expect(await shown()).toEqual(['three']);
    expect(await plaza()).toMatchObject({ lines: 1, unread: 1 });
    await rows.apply(cleared(30));
    expect(await plaza()).toMatchObject({ lines: 0, unread: 0, lastText: '', lastAt: 0, lastId: '' });
  });

  test('they come back as they were, with what happened to them meanwhile', async () => {
    const [one, two, three] = talk() as [NostrEvent, NostrEvent, NostrEvent];
    await rows.apply(seen(one), seen(two), seen(three));
    const before = rows.dump();
    await rows.apply(cleared(30), restored);
    expect(rows.dump()).toEqual(before);
    await rows.apply(cleared(30), seen(event(makeDeletion([two], 'plaza'), BEN, 40)), read(10), restored);
    expect(await shown()).toEqual(['three', '', 'one']);
    expect(await plaza()).toMatchObject({ lines: 2, unread: 1, lastText: 'three' });
  });

  test('another conversation is left alone, and clearing less than before changes nothing', async () => {
    const other = event(makeLine({ group: 'market', kind: NOTE, text: 'fish' }), BEN, 5);
    const [one] = talk() as [NostrEvent];
    await rows.apply(seen(one), seen(other), cleared(20), cleared(5));
    expect(await rows.get(conversations, 'market')).toMatchObject({ lines: 1, unread: 1 });
    expect(await shown()).toEqual([]);
  });

  test('a reply put away is none', async () => {
    const root = line('root', ANNA, undefined, 30);
    const reply = line('reply', BEN, root, 10);
    await rows.apply(seen(root), seen(reply), cleared(10));
    expect(await rows.part(replies, { part: root.id })).toMatchObject([{ gone: true }]);
    await rows.apply(restored);
    expect(await rows.part(replies, { part: root.id })).toMatchObject([{ gone: false }]);
  });

  test('purged, the words are nowhere, and nothing brings the line back', async () => {
    const [one, two] = talk() as [NostrEvent, NostrEvent];
    const heart = event(makeReaction('plaza', one, '❤️'), BEN, 11);
    await rows.apply(seen(one), seen(two), seen(heart), cleared(10), purged(one.id, heart.id), restored);
    expect(await shown()).toEqual(['two']);
    expect(await lineOf(one)).toMatchObject({ text: '', purged: true });
    expect(JSON.stringify([rows.dump(), rows.kept])).not.toMatch(/"one"|❤️/);
  });
});

describe('expiring', () => {
  test('a line whose time has come is neither shown nor counted, and its words leave the log', async () => {
    const one = line('secret words', BEN, undefined, 10);
    await rows.apply(seen(one), expired(one.id));
    expect(await shown()).toEqual([]);
    expect(await lineOf(one)).toMatchObject({ text: '', expired: true });
    expect(await plaza()).toMatchObject({ lines: 0, unread: 0, lastText: '' });
    expect(JSON.stringify([rows.dump(), rows.kept])).not.toContain('secret words');
  });

  test('what nobody knows may expire, and a line that comes after its end has no words', async () => {
    const one = line('secret words', BEN, undefined, 10);
    await rows.apply(expired(one.id), seen(one));
    expect(await shown()).toEqual([]);
    expect(JSON.stringify([rows.dump(), rows.kept])).not.toContain('secret words');
  });
});

describe('the log', () => {
  test('loses the words of what is deleted or given up, whoever brought it how often', async () => {
    const one = line('secret words', ANNA);
    const two = line('other words', ANNA);
    await rows.apply(signed(one), seen(one), signed(two), rejected(two, 'error: no'), discarded(two));
    expect(JSON.stringify(rows.kept)).not.toContain('other words');
    expect(JSON.stringify(rows.kept)).toContain('secret words');
    await rows.apply(seen(event(makeDeletion([one], 'plaza'), ANNA)));
    expect(JSON.stringify(rows.kept)).not.toContain('secret words');
  });

  test('keeps the words of what a refused deletion names', async () => {
    const one = line('hello', BEN);
    const deletion = event(makeDeleteEvent('plaza', one.id), ADMIN);
    await rows.apply(seen(one), signed(deletion), rejected(deletion, 'restricted: not an admin'));
    expect(JSON.stringify(rows.kept)).toContain('hello');
  });
});

/** A small city's worth of talk with everything that may happen to a line. */
const history = (): LocalEvent[] => {
  const root = line('root', ANNA, undefined, 10);
  const reply = line('reply', BEN, root, 11);
  const spam = line('spam', BEN, undefined, 12);
  const heart = event(makeReaction('plaza', root, '❤️'), BEN, 13);
  const again = event(makeReaction('plaza', root, '❤️'), BEN, 14);
  return [
    seen(root),
    seen(root, OTHER),
    seen(reply),
    seen(spam),
    seen(heart),
    seen(again),
    seen(event(makeDeletion([heart], 'plaza'), BEN, 15)),
    seen(event(makeDeletion([reply], 'plaza'), ANNA, 15)),
    seen(event(makeDeleteEvent('plaza', spam.id), ADMIN, 16)),
    seen(event(makeDeletion([spam], 'plaza'), BEN, 17)),
    seen(event(makeDeleteEvent('plaza', root.id), ADMIN, 16), OTHER),
    read(11),
    signed(event(makeLine({ group: 'market', kind: NOTE, text: 'mine' }), ADMIN, 20)),
  ];
};

test('the same rows in whatever order relays delivered', async () => {
  counter = 0;
  const events = history();
  await rows.apply(...events);
  const expected = rows.dump();
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (shuffled) => {
      const other = new MemoryRows([chatProjection]);
      for (const one of shuffled) await other.apply(one);
      expect(other.dump()).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

/** A few lines, answers, reactions and deletions by three people, some of them signed here and answered for. */
const numbered = (draft: Draft, sequence: number): Draft =>
  sequence === 0 ? draft : { ...draft, tags: [...draft.tags, makeSequenceTag(sequence)] };

const pictureLine = (group: string, index: number): Draft => {
  const url = `https://city.example/${hex(index.toString(16))}.webp`;
  const draft = makeLine({ group, kind: NOTE, text: index % 2 === 0 ? url : `look\n${url}` });
  return { ...draft, tags: [...draft.tags, makeImeta({ url, type: 'image/webp', alt: `picture ${index}` })] };
};

const anyHistory = (): fc.Arbitrary<LocalEvent[]> => {
  const authors = [ANNA, BEN, ADMIN];
  const ids = Array.from({ length: 12 }, (_, index) => hex((index + 0xa0).toString(16)));
  const deed = fc.record({
    what: fc.constantFrom('line', 'line', 'picture', 'reply', 'reaction', 'deletion', 'removal'),
    by: fc.constantFrom(...authors),
    at: fc.integer({ min: 1, max: 6 }),
    target: fc.nat({ max: ids.length - 1 }),
    group: fc.constantFrom('plaza', 'plaza', 'market'),
    fate: fc.constantFrom('seen', 'seen', 'seen', 'pending', 'accepted', 'rejected', 'discarded', 'retried'),
  });
  return fc.array(deed, { maxLength: ids.length }).chain((deeds) => {
    const local = deeds.flatMap(({ what, by, at, target, group, fate }, index): LocalEvent[] => {
      const aim = { id: ids[target] ?? '', pubkey: ANNA, kind: NOTE };
      const drafts: Record<string, Draft> = {
        line: numbered(makeLine({ group, kind: NOTE, text: `line ${index}` }), index % 3),
        picture: pictureLine(group, index),
        reply: makeLine({ group, kind: NOTE, text: `reply ${index}`, replyTo: aim }),
        reaction: makeReaction(group, aim, '🎉'),
        deletion: makeDeletion([aim], group),
        removal: makeDeleteEvent(group, aim.id),
      };
      const draft = drafts[what] ?? { kind: NOTE, tags: [], content: '' };
      const one = { ...event(draft, by, at), id: ids[index] ?? '' };
      const fates: Record<string, LocalEvent[]> = {
        seen: [seen(one)],
        pending: [signed(one)],
        accepted: [signed(one), accepted(one)],
        rejected: [signed(one), rejected(one, 'error: no')],
        discarded: [signed(one), rejected(one, 'error: no'), discarded(one)],
        retried: [signed(one), rejected(one, 'error: no'), accepted(one)],
      };
      return fates[fate] ?? [];
    });
    const upTo = fc.integer({ min: 0, max: 7 });
    const own = fc.oneof(
      upTo.map(read),
      upTo.map((at) => cleared(at)),
      fc.constant(restored),
      fc.constantFrom(...ids).map(expired),
      fc.subarray(ids, { maxLength: 3 }).map((some) => purged(...some)),
    );
    return fc.array(fc.tuple(own, fc.nat(local.length)), { maxLength: 4 }).map((deeds) => {
      const all = [...local];
      for (const [deed, at] of deeds) all.splice(at, 0, deed);
      return all;
    });
  });
};

test('any history, however delivered and batched, leaves the same rows', { timeout: 60_000 }, () =>
  checkReplay([chatProjection], anyHistory(), { runs: 300 }),
);
