import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Filter } from '#protocol/filters.ts';
import { NOTE } from '#protocol/kinds.ts';
import { makeLine } from '#protocol/messages.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { Tasks } from '#client/city/tasks.svelte.ts';
import { fail } from '#shared/result.ts';
import { FakeCity, fakeEvent } from '../../../../tests/support/fake-city.ts';
import { chatProjection } from '../projection.ts';
import { lines } from '../rows/tables.ts';
import { TalkKeeper } from './talk-keeper.svelte.ts';

const NOW = 1_800_000_000;
const settle = async () => {
  for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const said = (count: number, group = 'plaza'): NostrEvent[] =>
  Array.from({ length: count }, (_, index) =>
    fakeEvent({ ...makeLine({ group, kind: NOTE, text: `line ${index}` }), created_at: NOW - 60 * index }),
  );

/** One device: what all tabs share. */
class Device {
  value: unknown;
  readonly #ears = new Set<() => void>();
  readonly #held = new Map<string, Promise<void>>();
  readonly #queue = new Map<string, Promise<unknown>>();
  readonly memory = {
    read: () => Promise.resolve(structuredClone(this.value)),
    write: (value: unknown) => Promise.resolve(void (this.value = structuredClone(value))),
  };
  readonly news = {
    tell: () => this.#ears.forEach((changed) => changed()),
    hear: (changed: () => void) => {
      this.#ears.add(changed);
      return () => void this.#ears.delete(changed);
    },
  };
  readonly locks = {
    exclusive: <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const next = (this.#queue.get(name) ?? Promise.resolve()).then(work);
      this.#queue.set(
        name,
        next.catch(() => undefined),
      );
      return next;
    },
    claim: async (name: string): Promise<() => void> => {
      const before = this.#held.get(name);
      let release: () => void = () => undefined;
      this.#held.set(name, new Promise((resolve) => (release = resolve)));
      await before;
      return release;
    },
  };
}

let city: FakeCity;
let device: Device;
let relay: NostrEvent[];
let waits: (() => void)[];
let tabs: TalkKeeper[];

beforeEach(() => {
  city = new FakeCity({ projections: [chatProjection] });
  device = new Device();
  waits = [];
  tabs = [];
  relay = said(1234);
  city.onFetch = ({ filters }) => answer(filters[0] as Filter);
});
afterEach(() => tabs.forEach((tab) => tab.stop()));

const answer = ({ until = Infinity, since = 0, limit = 0, ...filter }: Filter): NostrEvent[] =>
  relay
    .filter((event) => event.created_at <= until && event.created_at >= since)
    .filter((event) =>
      event.tags.some(([name, value]) => name === 'h' && filter['#h']?.includes(value ?? '')),
    )
    .slice(0, limit);

const open = async (now = NOW, tasks = new Tasks()): Promise<TalkKeeper> => {
  const { memory, locks, news } = device;
  const after = (_: number, done: () => void) => (waits.push(done), () => undefined);
  const tab = new TalkKeeper(city, {
    memory,
    locks,
    news,
    profile: 'p',
    tasks,
    clock: { now: () => now },
    after,
  });
  tabs.push(tab);
  await tab.start();
  return tab;
};
const linesHere = () => city.count(lines, 'plaza');

test('all pages come, 500 at a time, one after the other, and it says how far and when it is done', async () => {
  const tab = await open();
  expect(tab.of('plaza')).toBeUndefined();
  await tab.keep('plaza', 'The Plaza');
  await settle();
  expect(await linesHere()).toBe(1234);
  expect(tab.of('plaza')).toEqual({
    id: 'plaza',
    state: 'done',
    lines: 1234,
    oldest: NOW - 60 * 1233,
    words: '',
  });
  expect(city.fetches.map(({ filters }) => filters[0]?.limit)).toEqual(city.fetches.map(() => 500));
  expect(city.fetches.length).toBeLessThanOrEqual(5);
});

test('after a reload it goes on where it was', async () => {
  const first = await open();
  let pages = 0;
  city.onFetch = ({ filters }) => {
    if (++pages === 2) first.stop();
    return answer(filters[0] as Filter);
  };
  await first.keep('plaza', 'The Plaza');
  await settle();
  expect(first.of('plaza')?.state).toBe('keeping');
  const asked = city.fetches.length;
  const second = await open();
  await settle();
  expect(second.of('plaza')).toMatchObject({ state: 'done', lines: 1234 });
  expect(city.fetches[asked]?.filters[0]?.until).toBeLessThan(NOW);
});

test('offline it waits, says so, and goes on by itself', async () => {
  const tab = await open();
  city.onFetch = () => ({ code: 'unreachable', message: 'not connected' });
  await tab.keep('plaza', 'The Plaza');
  await settle();
  expect(tab.of('plaza')).toMatchObject({ state: 'waiting', lines: 0 });
  city.onFetch = ({ filters }) => answer(filters[0] as Filter);
  waits.pop()?.();
  await settle();
  expect(tab.of('plaza')).toMatchObject({ state: 'done', lines: 1234 });
});

test('a refusal is told in the relay’s words and asked again only by hand; other places go on', async () => {
  const tab = await open();
  relay.push(...said(3, 'quay'));
  city.onFetch = ({ filters }) =>
    filters[0]?.['#h']?.[0] === 'plaza'
      ? { code: 'refused', message: 'restricted: members only' }
      : answer(filters[0] as Filter);
  await tab.keep('plaza', 'The Plaza');
  await settle();
  expect(tab.of('plaza')).toMatchObject({ state: 'refused', words: 'members only' });
  await tab.keep('quay', 'The Quay');
  await settle();
  expect(tab.of('quay')?.state).toBe('done');
  city.onFetch = ({ filters }) => answer(filters[0] as Filter);
  tab.tryAgain('plaza');
  await settle();
  expect(tab.of('plaza')?.state).toBe('done');
});

test('a store that fails is said, and does not end the keeper', async () => {
  const tab = await open();
  city.fetch = () => Promise.reject(new Error('disk full'));
  await tab.keep('plaza', 'The Plaza');
  await settle();
  expect(tab.of('plaza')?.state).toBe('failed');
  city.fetch = () => Promise.resolve(fail('refused', 'no'));
  tab.tryAgain('plaza');
  await settle();
  expect(tab.of('plaza')?.state).toBe('refused');
});

test('cancelled, it asks no more, forgets the wish, and leaves what is here', async () => {
  const tasks = new Tasks();
  const tab = await open(NOW, tasks);
  let pages = 0;
  city.onFetch = ({ filters }) => {
    if (++pages === 1) tasks.items[0]?.cancel();
    return answer(filters[0] as Filter);
  };
  await tab.keep('plaza', 'The Plaza');
  await settle();
  expect(pages).toBe(1);
  expect(tab.of('plaza')).toBeUndefined();
  expect(tasks.items).toEqual([]);
  expect(await linesHere()).toBe(500);
});

test('one tab works; another that asks is served by it, and takes over when it goes', async () => {
  const first = await open();
  const second = await open();
  await second.keep('plaza', 'The Plaza');
  await settle();
  expect(second.of('plaza')?.state).toBe('done');
  expect(first.of('plaza')?.state).toBe('done');
  first.stop();
  relay.push(...said(3, 'quay'));
  await second.keep('quay', 'The Quay');
  await settle();
  expect(second.of('quay')).toMatchObject({ state: 'done', lines: 3 });
});

test('on a later visit only what was said since is fetched', async () => {
  const first = await open();
  await first.keep('plaza', 'The Plaza');
  await settle();
  first.stop();
  const month = 30 * 86_400;
  relay.unshift(
    fakeEvent({ ...makeLine({ group: 'plaza', kind: NOTE, text: 'later' }), created_at: NOW + month - 9 }),
  );
  const asked = city.fetches.length;
  const later = await open(NOW + month);
  await settle();
  expect(later.of('plaza')).toMatchObject({ state: 'done', lines: 1235 });
  const since = city.fetches.slice(asked).map(({ filters }) => filters[0]?.since ?? 0);
  expect(Math.min(...since)).toBeGreaterThan(NOW - 10 * 86_400);
});
