import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Filter } from '#protocol/filters.ts';
import { CHAT_LINE, DELETE_EVENT, DELETION, NOTE, REACTION } from '#protocol/kinds.ts';
import { makeLine } from '#protocol/messages.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey, refusal } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { conversations, lines as lineTable, reactions } from '../rows/tables.ts';
import { ConversationController } from './conversation.svelte.ts';
import { Extras } from './extras.svelte.ts';
import { PAGE, WINDOW, oldestTime } from './line-window.ts';
import { threadRootOf } from './thread-rows.ts';
import { ThreadController } from './thread.svelte.ts';

const ME = fakeKey('a1');
const BEN = fakeKey('b2');
const NOW = 1_800_000_000;

/** A clock whose hand the test moves. */
class Timers {
  #waiting: { due: number; done: () => void }[] = [];
  #at = 0;
  readonly after = (ms: number, done: () => void) => {
    const timer = { due: this.#at + ms, done };
    this.#waiting.push(timer);
    return () => void (this.#waiting = this.#waiting.filter((one) => one !== timer));
  };
  pass(ms: number): void {
    this.#at += ms;
    const due = this.#waiting.filter((timer) => timer.due <= this.#at);
    this.#waiting = this.#waiting.filter((timer) => timer.due > this.#at);
    due.forEach((timer) => timer.done());
  }
}

const settle = async () => {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const talk = (text: string, at: number, pubkey = BEN, replyTo?: NostrEvent, kind = NOTE) =>
  fakeEvent({
    ...makeLine({ group: 'plaza', kind, text, ...(replyTo ? { replyTo } : {}) }),
    created_at: at,
    pubkey,
  });
const many = (count: number, from = NOW - count) =>
  Array.from({ length: count }, (_, index) => talk(`line ${index}`, from + index));

let city: FakeCity;
let timers: Timers;
let toasts: ToastWish[];
let open: { stop(): void }[];

beforeEach(() => {
  city = new FakeCity({ projections: [chatProjection], account: fakeAccount(ME), now: NOW });
  timers = new Timers();
  toasts = [];
  open = [];
});
afterEach(() => open.forEach((one) => one.stop()));

const options = () => ({
  group: 'plaza',
  lineKind: NOTE,
  ontoast: (wish: ToastWish) => toasts.push(wish),
  after: timers.after,
  clock: { now: () => NOW },
});
const opened = async () => {
  const controller = new ConversationController(city, options());
  open.push(controller);
  await settle();
  return controller;
};
const texts = (controller: { lines: readonly { text: string }[] }) =>
  controller.lines.map((line) => line.text);
/** A relay with a memory: newest first, `until` inclusive, at most `cap` at once. */
const relayWith = (events: readonly NostrEvent[], cap = 100) => {
  city.onFetch = (request) =>
    request.filters.flatMap((filter: Filter) =>
      [...events]
        .filter((event) => event.created_at <= (filter.until ?? Infinity))
        .filter((event) => !filter.ids || filter.ids.includes(event.id))
        .sort((a, b) => b.created_at - a.created_at)
        .slice(0, Math.min(cap, filter.limit ?? cap)),
    );
};

describe('opening', () => {
  test('shows the newest page, oldest first, and listens', async () => {
    await city.deliver(...many(PAGE + 10));
    const controller = await opened();
    expect(controller.phase).toBe('open');
    expect(controller.lines).toHaveLength(PAGE);
    expect(texts(controller).at(-1)).toBe(`line ${PAGE + 9}`);
    expect([...city.subscriptions][0]?.filters[0]).toMatchObject({ '#h': ['plaza'], limit: 100 });
    controller.stop();
    expect(city.subscriptions.size).toBe(0);
  });

  test('an empty device asks the relay before it says that there is nothing', async () => {
    relayWith(many(3));
    const controller = await opened();
    expect(texts(controller)).toEqual(['line 0', 'line 1', 'line 2']);
    expect(controller.older).toBe('beginning');
  });

  test('nothing anywhere is an empty conversation', async () => {
    const controller = await opened();
    expect(controller).toMatchObject({ phase: 'open', older: 'beginning', lines: [] });
  });

  test('a refusal is told, silence too, and trying again helps', async () => {
    city.onFetch = () => ({ code: 'refused', message: 'restricted: members only' });
    expect(await opened()).toMatchObject({ phase: 'refused', words: 'members only' });
    city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
    const controller = await opened();
    expect(controller.phase).toBe('unreachable');
    relayWith(many(2));
    await controller.tryAgain();
    expect(controller.phase).toBe('open');
    expect(controller.lines).toHaveLength(2);
  });

  test('long unread: the window lies where reading stopped', async () => {
    await city.deliver(...many(400, NOW - 400));
    await city.record({ type: 'ConversationRead', v: 1, conversation: 'plaza', upTo: NOW - 300 });
    const controller = await opened();
    expect(controller.unreadAfter).toBe(NOW - 300);
    expect(controller.atEnd).toBe(false);
    expect(texts(controller)).toContain('line 100');
    expect(texts(controller)).toContain('line 101');
    await controller.loadNewer();
    await controller.showNewest();
    expect(controller.atEnd).toBe(true);
    expect(controller.unreadAfter).toBe(NOW - 300);
  });
});

describe('going through a long past', () => {
  test('what is here whole is not asked for again, and its oldest line is the beginning', async () => {
    await city.deliver(...many(200));
    const controller = new ConversationController(city, { ...options(), isWhole: () => true });
    open.push(controller);
    await settle();
    for (let turn = 0; turn < 9 && controller.older !== 'beginning'; turn++) await controller.loadOlder();
    expect(controller.lines[0]?.text).toBe('line 0');
    expect(city.fetches).toEqual([]);
  });

  test('a time is gone to: its first line, the last one before it where nothing was said since', async () => {
    await city.deliver(...many(500));
    const controller = await opened();
    const id = await controller.showTime(NOW - 400);
    expect(controller.lines.find((line) => line.id === id)?.text).toBe('line 100');
    expect(controller.atEnd).toBe(false);
    const last = await controller.showTime(NOW + 1000);
    expect(controller.lines.find((line) => line.id === last)?.text).toBe('line 499');
    expect(await oldestTime(city, 'plaza')).toBe(NOW - 500);
  });

  test('a time nobody here knows is asked for around itself', async () => {
    relayWith(many(2000));
    const controller = await opened();
    const asked = city.fetches.length;
    const id = await controller.showTime(NOW - 1500);
    expect(controller.lines.find((line) => line.id === id)?.at).toBeGreaterThanOrEqual(NOW - 1500);
    expect(city.fetches.slice(asked).every(({ filters }) => filters[0]?.until !== undefined)).toBe(true);
  });

  test('nothing said, nowhere to go', async () => {
    const controller = await opened();
    expect(await controller.showTime(NOW)).toBeUndefined();
  });

  test('a refresh that changes nothing leaves every row the very same', async () => {
    await city.deliver(...many(80));
    const controller = await opened();
    const before = controller.lines;
    await city.deliver(talk('elsewhere long ago', NOW - 5000));
    await settle();
    expect(controller.lines).toBe(before);
    await city.deliver(talk('new', NOW + 1));
    await settle();
    expect(controller.lines.at(-2)).toBe(before.at(-1));
  });
});

describe('reading on where reading stopped', () => {
  const readTo = (upTo: number) =>
    city.record({ type: 'ConversationRead', v: 1, conversation: 'plaza', upTo });
  const readUpTo = async () => (await city.get(conversations, 'plaza'))?.readUpTo;

  test('what is new below is told at once and counted down while it is read', async () => {
    await city.deliver(...many(140));
    await readTo(NOW - 81);
    const controller = await opened();
    controller.attend(false, true);
    expect(controller.newBelow).toBe(80);
    const seen = controller.lines.find((line) => line.at === NOW - 51);
    if (seen) controller.saw(seen);
    await settle();
    expect(controller.newBelow).toBe(50);
    expect(controller.unreadAfter).toBe(NOW - 81);
  });

  test('leaving midway, the mark is where the eye was last', async () => {
    await city.deliver(...many(140));
    await readTo(NOW - 81);
    const controller = await opened();
    controller.attend(false, true);
    const seen = controller.lines.find((line) => line.at === NOW - 51);
    if (seen) controller.saw(seen);
    controller.stop();
    await settle();
    expect(await readUpTo()).toBe(NOW - 51);
  });

  test('after a leap, what lies between does not count as read', async () => {
    await city.deliver(...many(400));
    await readTo(NOW - 300);
    const controller = await opened();
    controller.attend(false, true);
    await controller.showTime(NOW - 100);
    const seen = controller.lines.at(-1);
    if (seen) controller.saw(seen);
    controller.stop();
    await settle();
    expect(await readUpTo()).toBe(NOW - 300);
  });
});

describe('older lines', () => {
  test('come from the rows and from the relay, to an honest beginning', async () => {
    const all = many(260);
    relayWith(all);
    await city.deliver(...all.slice(-60));
    const controller = await opened();
    const seen = new Set(texts(controller));
    for (let turn = 0; turn < 12 && controller.older !== 'beginning'; turn++) {
      await controller.loadOlder();
      texts(controller).forEach((text) => seen.add(text));
      expect(controller.lines.length).toBeLessThanOrEqual(WINDOW);
    }
    expect(controller.older).toBe('beginning');
    expect(texts(controller)[0]).toBe('line 0');
    expect(seen.size).toBe(260);
  });

  test('a gap in the rows is filled before what lies beyond it is shown', async () => {
    const all = many(300);
    relayWith(all);
    await city.deliver(...all.slice(0, 40), ...all.slice(-PAGE));
    const controller = await opened();
    await controller.loadOlder();
    expect(texts(controller)[0]).toBe(`line ${300 - 2 * PAGE}`);
  });

  test('a relay with a small page of its own, many lines in one second', async () => {
    const all = Array.from({ length: 90 }, (_, index) =>
      talk(`same ${index}`, NOW - 10 - Math.floor(index / 30)),
    );
    relayWith(all, 40);
    const controller = await opened();
    for (let turn = 0; turn < 9 && controller.older !== 'beginning'; turn++) await controller.loadOlder();
    expect(controller.older).toBe('beginning');
    expect(controller.lines).toHaveLength(90);
  });

  test('out of reach: the rows are shown, the end is not called the beginning', async () => {
    await city.deliver(...many(PAGE + 5));
    city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
    const controller = await opened();
    await controller.loadOlder();
    expect(controller.lines).toHaveLength(PAGE + 5);
    expect(controller.older).toBe('unreachable');
  });

  test('the window moves both ways and loses nothing', async () => {
    const all = many(400);
    relayWith(all);
    await city.deliver(...all);
    const controller = await opened();
    for (let turn = 0; turn < 20 && controller.older !== 'beginning'; turn++) await controller.loadOlder();
    expect(controller.atEnd).toBe(false);
    for (let turn = 0; turn < 20 && !controller.atEnd; turn++) await controller.loadNewer();
    expect(texts(controller).at(-1)).toBe('line 399');
    expect(controller.lines).toHaveLength(WINDOW);
    expect(controller.older).toBe('more');
  });

  test('a line far away is shown with its neighbours; one that nobody has is not', async () => {
    const all = many(400);
    await city.deliver(...all);
    relayWith(all);
    const controller = await opened();
    expect(await controller.showLine(all[20]?.id ?? '')).toBe(true);
    expect(texts(controller)).toEqual(expect.arrayContaining(['line 0', 'line 20', 'line 40']));
    expect(await controller.showLine(fakeKey('dd'))).toBe(false);
  });
});

describe('live', () => {
  test('a new line appears; read when the reader is at the end and looking', async () => {
    await city.deliver(...many(5));
    const controller = await opened();
    controller.attend(true, false);
    await settle();
    expect((await city.get(conversations, 'plaza'))?.readUpTo).toBe(0);
    controller.attend(true, true);
    await city.deliver(talk('news', NOW));
    await settle();
    expect(texts(controller).at(-1)).toBe('news');
    expect(await city.get(conversations, 'plaza')).toMatchObject({ readUpTo: NOW, unread: 0 });
  });

  test('further up, new lines are counted and the window stays', async () => {
    await city.deliver(...many(200));
    const controller = await opened();
    controller.attend(false, true);
    const first = controller.lines[0]?.id;
    await city.deliver(talk('a', NOW), talk('b', NOW + 1), talk('mine', NOW + 2, ME));
    await settle();
    expect(controller.newBelow).toBe(2);
    expect(controller.lines[0]?.id).toBe(first);
    controller.attend(true, true);
    expect(controller.newBelow).toBe(0);
  });

  test('a clock ahead does not make everything read', async () => {
    await city.deliver(talk('from the future', NOW + 5000));
    const controller = await opened();
    controller.attend(true, true);
    await settle();
    expect((await city.get(conversations, 'plaza'))?.readUpTo).toBe(NOW + 60);
  });

  test('a busy place stays within its window', async () => {
    await city.deliver(...many(WINDOW));
    const controller = await opened();
    controller.attend(true, true);
    for (let index = 0; index < WINDOW + 20; index++) await city.deliver(talk(`n${index}`, NOW + index));
    await settle();
    expect(controller.lines.length).toBeLessThanOrEqual(WINDOW);
    expect(texts(controller).at(-1)).toBe(`n${WINDOW + 19}`);
  });
});

describe('deeds', () => {
  test('a line is pending, then sent', async () => {
    city.answers = () => 'wait';
    const controller = await opened();
    expect(await controller.deeds.send('hello')).toBe(true);
    await settle();
    expect(controller.lines).toMatchObject([{ text: 'hello', state: 'pending' }]);
    await city.accept(controller.lines[0]?.id ?? '');
    await settle();
    expect(controller.lines[0]?.state).toBe('sent');
  });

  test('answers and mentions travel as tags', async () => {
    const root = talk('root', NOW - 5);
    await city.deliver(root);
    const controller = await opened();
    await controller.deeds.send('yes', controller.lines[0], { mentions: [fakeKey('c3')] });
    expect(city.drafts[0]).toMatchObject({
      kind: NOTE,
      tags: [
        ['h', 'plaza'],
        ['e', root.id, '', 'root', BEN],
        ['p', BEN],
        ['p', fakeKey('c3')],
      ],
    });
  });

  test('a visitor is asked in first, and nothing is lost when they turn back', async () => {
    city.account = undefined;
    const controller = await opened();
    expect(await controller.deeds.send('hello')).toBe(false);
    expect(city.asked).toEqual(['write']);
    expect(city.published).toEqual([]);
    city.newcomer = fakeAccount(ME);
    expect(await controller.deeds.send('hello')).toBe(true);
  });

  test('a signer that says no is told', async () => {
    city.publishFailure = { code: 'refused', message: 'no' };
    const controller = await opened();
    expect(await controller.deeds.send('hello')).toBe(false);
    expect(toasts[0]?.tone).toBe('danger');
  });

  test('a refused line can be tried again or given up', async () => {
    city.answers = () => refusal('restricted: not a member');
    const controller = await opened();
    await controller.deeds.send('hello');
    await settle();
    const line = controller.lines[0];
    expect(line).toMatchObject({ state: 'failed', reason: 'restricted: not a member' });
    await controller.deeds.retry(line?.id ?? '');
    expect(city.retried).toEqual([line?.id]);
    expect(controller.deeds.retrying.size).toBe(1);
    timers.pass(5_000);
    expect(controller.deeds.retrying.size).toBe(0);
    await controller.deeds.drop(line?.id ?? '');
    await settle();
    expect(controller.lines).toEqual([]);
  });

  test('a reaction goes on and off', async () => {
    await city.deliver(talk('hello', NOW - 5));
    const controller = await opened();
    const line = controller.lines[0];
    if (!line) throw new Error('no line');
    await controller.deeds.react(line, '🎉');
    expect(city.published.at(-1)).toMatchObject({ kind: REACTION, content: '🎉' });
    await settle();
    await controller.deeds.react(line, '🎉');
    expect(city.published.at(-1)).toMatchObject({ kind: DELETION });
    await settle();
    expect(await city.part(reactions, { part: line.id })).toMatchObject([{ gone: true }]);
  });

  test('a refused reaction says so and leaves', async () => {
    await city.deliver(talk('hello', NOW - 5));
    city.answers = () => refusal('restricted: members only');
    const controller = await opened();
    const line = controller.lines[0];
    if (!line) throw new Error('no line');
    await controller.deeds.react(line, '🎉');
    await settle();
    expect(toasts[0]?.text).toContain('members only');
    expect(await city.count(reactions, line.id)).toBe(0);
  });

  test('deleting waits for a change of mind', async () => {
    await city.deliver(talk('mine', NOW - 5, ME));
    const controller = await opened();
    const line = controller.lines[0];
    if (!line) throw new Error('no line');
    await controller.deeds.deleteLine(line);
    expect(controller.deeds.hidden.has(line.id)).toBe(true);
    toasts[0]?.undo?.();
    timers.pass(6_000);
    await settle();
    expect(controller.deeds.hidden.size).toBe(0);
    expect(city.published).toEqual([]);

    await controller.deeds.deleteLine(line);
    timers.pass(6_000);
    await settle();
    expect(city.published[0]).toMatchObject({
      kind: DELETION,
      tags: [
        ['h', 'plaza'],
        ['e', line.id],
        ['k', '1'],
      ],
    });
    expect(await city.get(lineTable, line.id)).toMatchObject({ text: '', deletedBy: ME });
  });

  test("an admin removes another's line; a refusal brings it back", async () => {
    await city.deliver(talk('spam', NOW - 5));
    city.answers = () => refusal('restricted: not an admin');
    const controller = await opened();
    const line = controller.lines[0];
    if (!line) throw new Error('no line');
    await controller.deeds.deleteLine(line);
    timers.pass(6_000);
    await settle();
    expect(city.published[0]?.kind).toBe(DELETE_EVENT);
    expect(controller.deeds.hidden.size).toBe(0);
    expect(controller.lines).toMatchObject([{ text: 'spam' }]);
    expect(controller.lines[0]?.leaving).toBeUndefined();
  });

  test('leaving sends what waited', async () => {
    await city.deliver(talk('mine', NOW - 5, ME));
    const controller = await opened();
    if (controller.lines[0]) await controller.deeds.deleteLine(controller.lines[0]);
    controller.keepDraft('half a');
    controller.stop();
    await settle();
    expect(city.published).toHaveLength(1);
    expect((await city.get(conversations, 'plaza'))?.draft).toBe('half a');
  });

  test('a draft is kept after a pause, once', async () => {
    const controller = await opened();
    expect(controller.draft).toBe('');
    controller.keepDraft('h');
    controller.keepDraft('hi');
    timers.pass(1_000);
    controller.keepDraft('hi');
    timers.pass(1_000);
    await settle();
    expect(city.log.filter((event) => event.type === 'DraftKept')).toMatchObject([{ text: 'hi' }]);
    expect((await opened()).draft).toBe('hi');
  });
});

describe('threads', () => {
  test('a chain of quotes is one thread, under its first line', async () => {
    const root = talk('root', NOW - 9, BEN, undefined, CHAT_LINE);
    const one = talk('one', NOW - 8, ME, root, CHAT_LINE);
    const two = talk('two', NOW - 7, BEN, one, CHAT_LINE);
    await city.deliver(two, one, root, talk('elsewhere', NOW - 6));
    const row = await city.get(lineTable, two.id);
    expect(row && (await threadRootOf(city, row))).toBe(root.id);
    const thread = new ThreadController(city, { ...options(), root: root.id });
    open.push(thread);
    await settle();
    expect(texts(thread)).toEqual(['root', 'one', 'two']);
    await city.deliver(talk('three', NOW, ME, two, CHAT_LINE));
    await settle();
    expect(texts(thread).at(-1)).toBe('three');
  });

  test('lines that answer each other end somewhere', async () => {
    const a = { ...talk('a', NOW, BEN), id: fakeKey('aa') };
    const b = { ...talk('b', NOW, BEN, a), id: fakeKey('bb') };
    await city.deliver(
      {
        ...a,
        tags: [
          ['h', 'plaza'],
          ['e', b.id, '', 'root'],
        ],
      },
      b,
    );
    const row = await city.get(lineTable, a.id);
    expect(row && (await threadRootOf(city, row))).toBeTruthy();
  });
});

describe('extras', () => {
  test('reactions, answers and quotes of lines in sight only', async () => {
    const root = talk('root', NOW - 9);
    const reply = talk('reply', NOW - 8, ME, root);
    const far = talk('far', NOW - 7);
    const like = (target: NostrEvent) =>
      fakeEvent({
        kind: REACTION,
        content: '+',
        pubkey: BEN,
        tags: [
          ['h', 'plaza'],
          ['e', target.id],
        ],
      });
    await city.deliver(root, reply, far, like(root), like(far));
    const extras = new Extras(city, 'plaza', timers.after);
    open.push(extras);
    const rows = await city.getMany(lineTable, [root.id, reply.id]);
    extras.show(rows.filter((row) => row !== undefined));
    timers.pass(100);
    await settle();
    expect(extras.reactions.get(root.id)).toMatchObject([{ emoji: '❤️', people: [BEN], mine: [] }]);
    expect(extras.answers.get(root.id)).toBe(1);
    expect(extras.quoted.get(root.id)?.text).toBe('root');
    expect(extras.reactions.has(far.id)).toBe(false);
  });

  test('a quoted line that is not here is asked for once', async () => {
    const gone = talk('gone', NOW - 20);
    const reply = talk('reply', NOW - 8, ME, gone);
    await city.deliver(reply);
    const extras = new Extras(city, 'plaza', timers.after);
    open.push(extras);
    const row = await city.get(lineTable, reply.id);
    extras.show(row ? [row] : []);
    await extras.load();
    await extras.load();
    expect(city.fetches.filter((request) => request.filters[0]?.ids?.includes(gone.id))).toHaveLength(1);
    expect(extras.quoted.get(gone.id)).toBeNull();
  });
});
