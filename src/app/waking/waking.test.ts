import { beforeEach, expect, test } from 'vitest';
import { fakeAccount, FakeCity } from '../../../tests/support/fake-city.ts';
import { parseCard } from '#client/wake/card.ts';
import { CardKeeper } from '#client/wake/card-keeper.ts';
import { Bell, Notices } from '#features/notifications/index.ts';
import { notificationsProjection } from '#features/notifications/projection.ts';
import type { PushFacts, PushFailure } from '#client/wake/push-desk.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { Waking } from './waking.svelte.ts';
import type { WakingWindow } from './waking.svelte.ts';

const on: PushFacts = { isOn: true, permission: 'granted', host: 'push.test', toldAt: 5 };
const place = {
  id: 'pier',
  name: 'Harbour Pier',
  about: '',
  geohash: undefined,
  modes: { private: false, restricted: false, closed: false, hidden: false },
  members: 2,
  own: true,
  admin: false,
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A tab, its service worker, and what the device shows. */
class FakeWindow implements WakingWindow {
  visible = true;
  readonly notices: { tag: string; data: unknown; close(): void }[] = [];
  #see = (): void => undefined;
  #word: (word: unknown) => boolean = () => false;
  isVisible = () => this.visible;
  onvisibility = (listener: () => void) => {
    this.#see = listener;
    return () => (this.#see = () => undefined);
  };
  every = () => () => undefined;
  onword = (listener: (word: unknown) => boolean) => {
    this.#word = listener;
    return () => (this.#word = () => false);
  };
  shown = () => Promise.resolve(this.notices);
  say(word: unknown): boolean {
    return this.#word(word);
  }
  turn(visible: boolean): void {
    this.visible = visible;
    this.#see();
  }
  put(tag: string, conversation?: string): void {
    const notice = {
      tag,
      data: { conversation },
      close: () => void this.notices.splice(this.notices.indexOf(notice), 1),
    };
    this.notices.push(notice);
  }
}

let window: FakeWindow;
let notes: Map<string, unknown>;
let now: number;
let waking: Waking;
let bell: Bell;
let notices: Notices;
let gone: string[];
let told: number;
let answer: Result<true, PushFailure>;
const card = () => parseCard(new Map([...notes].map(([name, value]) => [name.slice(5), value])));

let mutedPlace: string;
beforeEach(() => {
  mutedPlace = '';
  window = new FakeWindow();
  notes = new Map();
  now = 1_800_000_000;
  gone = [];
  told = 0;
  answer = ok(true);
  const city = new FakeCity({ projections: [notificationsProjection], account: fakeAccount() });
  notices = new Notices(city);
  waking = new Waking({
    session: city,
    places: { all: [place], isReady: true },
    activity: { rows: {} },
    notices,
    shunned: {
      isPlaceMuted: (id) => id === mutedPlace,
      muted: { people: [], words: ['durian'], places: [] },
      blocked: [],
    },
    card: new CardKeeper((name, value) => {
      if (value === undefined) notes.delete(name);
      else notes.set(name, value);
      return Promise.resolve();
    }),
    profile: 'mine',
    window,
    clock: { now: () => now },
  });
  bell = new Bell({
    desk: {
      facts: () => Promise.resolve(on),
      turnOn: () => Promise.resolve(ok(true)),
      turnOff: () => Promise.resolve(),
      keepUp: () => {
        told += 1;
        return Promise.resolve(answer);
      },
      test: () => Promise.resolve(ok(true)),
    },
    wants: () => waking.wants(),
    wakes: () => Promise.resolve([]),
    turned: (isOn) => waking.turned(isOn),
    after: () => () => undefined,
  });
});
const follow = async () => {
  const stop = waking.follow(bell, (path) => void gone.push(path));
  await settled();
  return stop;
};

test('what may wake the device follows my places and my choices', async () => {
  const named = () => waking.wants().map(({ filter }) => [filter['#h'], filter['#p']?.length]);
  expect(named()).toEqual([
    [undefined, 1],
    [['pier'], 1],
  ]);
  await notices.setLevel('pier', 'all');
  expect(named()[1]).toEqual([['pier'], undefined]);
  await notices.setLevel('pier', 'nothing');
  expect(named()).toHaveLength(1);
});

test('turning on leaves a card, turning off takes it away', async () => {
  await notices.change('noticeWords', false);
  await bell.turnOn();
  expect(card()).toMatchObject({ showsWords: false, places: [{ id: 'pier', name: 'Harbour Pier' }] });
  await bell.turnOff();
  expect(card()).toBeUndefined();
});

test('leaving the city is noted, being away is not taken for looking', async () => {
  await bell.refresh();
  const stop = await follow();
  now += 100;
  window.turn(false);
  await settled();
  expect(card()?.seenUpTo).toBe(now);
  now += 500;
  window.turn(false);
  await settled();
  expect(card()?.seenUpTo).toBe(now - 500);
  stop();
});

test('opening the city takes down what only said that there is something', async () => {
  await bell.refresh();
  window.put('city');
  window.put('pier', 'pier');
  const stop = await follow();
  window.turn(true);
  await settled();
  expect(window.notices.map(({ tag }) => tag)).toEqual(['pier']);
  stop();
});

test('a press leads there, but not into another profile, and not out of the city', async () => {
  const stop = await follow();
  expect(window.say({ type: 'go', path: '/g/pier', profile: 'mine' })).toBe(true);
  expect(window.say({ type: 'go', path: '/g/secret', profile: 'another' })).toBe(true);
  expect(window.say({ type: 'go', path: 'https://evil.test' })).toBe(true);
  expect(window.say({ type: 'SKIP_WAITING' })).toBe(false);
  expect(gone).toEqual(['/g/pier', '/']);
  stop();
  expect(window.say({ type: 'go', path: '/g/pier', profile: 'mine' })).toBe(false);
});

test('a test that arrives is told', async () => {
  const stop = await follow();
  await bell.sendTest();
  window.say({ type: 'woken', test: true });
  await settled();
  expect(bell.test).toBe('arrived');
  stop();
});

test('the city is told once, after each change, and again where it could not be reached', async () => {
  await bell.refresh();
  answer = fail('unreachable', 'no network');
  const stop = await follow();
  expect(told).toBe(1);
  const look = async (): Promise<number> => {
    window.turn(true);
    await settled();
    return told;
  };
  expect(await look()).toBe(2);
  answer = ok(true);
  expect([await look(), await look()]).toEqual([3, 3]);
  await notices.setLevel('pier', 'all');
  expect([await look(), await look()]).toEqual([4, 4]);
  stop();
});
