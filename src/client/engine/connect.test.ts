import * as Comlink from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { makeProfileKeys } from '../../../tests/support/profile-keys.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { defineTable } from '../store/table.ts';
import { fail, ok } from '#shared/result.ts';
import { connectEngine } from './connect.ts';
import type { Engine } from './engine.ts';
import type { EngineOptions, EngineRemote, Signal } from './remote.ts';

const options: EngineOptions = {
  relay: 'wss://a.test',
  relayKey: 'ce'.repeat(32),
  keys: await makeProfileKeys(),
};
const table = defineTable<{ id: string }>({ name: 'things', id: (row) => row.id });
const endings: (() => void)[] = [];
afterEach(() => endings.splice(0).forEach((end) => end()));

/** A worker's side that notes what it is asked, and can speak up. */
const fakeRemote = () => {
  const asked: unknown[][] = [];
  const note =
    <T>(name: string, result: T) =>
    (...given: unknown[]): T => {
      asked.push([name, ...given]);
      return result;
    };
  let signal: (signal: Signal) => void = () => undefined;
  const remote = {
    open: (given: EngineOptions, tell: (signal: Signal) => void) => {
      signal = tell;
      return given.relay === 'wss://old.test' ? fail('superseded', 'newer') : ok(undefined);
    },
    getMany: note('getMany', [{ id: 'x' }]),
    all: note('all', [{ id: 'y' }]),
    part: note('part', []),
    count: note('count', 3),
    search: note('search', { hits: [], total: 4, all: true, phrases: [[{ term: 'x', prefix: false }]] }),
    watch: note('watch', undefined),
    unwatch: note('unwatch', undefined),
    subscribe: note('subscribe', undefined),
    unsubscribe: note('unsubscribe', undefined),
    record: note('record', undefined),
    enqueue: () => Promise.reject(new Error('disk full')),
    setAuthenticator: async (sign: Parameters<EngineRemote['setAuthenticator']>[0]) => {
      asked.push(['signed', await sign?.('wss://a.test', 'c')]);
    },
    upkeep: async (job: string) => {
      signal({ type: 'progress', job: 'another', done: 7, total: 9 });
      signal({ type: 'progress', job, done: 1, total: 2 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(remote, port1);
  endings.push(() => (port1.close(), port2.close()));
  return { asked, port: port2, tell: (one: Signal) => signal(one) };
};
const connected = async () => {
  const remote = fakeRemote();
  const engine = await connectEngine(remote.port, options);
  if (!engine.ok) throw new Error('not open');
  return { ...remote, engine: engine.value as Engine };
};
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000 });

test('tables cross by name', async () => {
  const { engine, asked } = await connected();
  expect(await engine.get(table, 'x')).toEqual({ id: 'x' });
  expect(await engine.all(table)).toEqual([{ id: 'y' }]);
  expect(await engine.part(table, { part: 'p', limit: 2 })).toEqual([]);
  expect(await engine.count(table, 'p')).toBe(3);
  expect(asked).toEqual([
    ['getMany', 'things', ['x']],
    ['all', 'things'],
    ['part', 'things', { part: 'p', limit: 2 }],
    ['count', 'things', 'p'],
  ]);
});

test('a question crosses, and so does its answer', async () => {
  const { engine, asked } = await connected();
  const question = { text: '"red boat"', tables: ['lines'], group: 'harbour', limit: 5 };
  expect(await engine.search(question)).toEqual({
    hits: [],
    total: 4,
    all: true,
    phrases: [[{ term: 'x', prefix: false }]],
  });
  expect(asked).toEqual([['search', question]]);
});

test('watchers hear of their own changes until they stop', async () => {
  const { engine, asked, tell } = await connected();
  const [first, second] = [vi.fn(), vi.fn()];
  const stop = engine.watch([{ table: 'things' }], first);
  engine.watch([{ table: 'things', part: 'p' }], second);
  await eventually(() => expect(asked).toHaveLength(2));
  const [one, two] = asked.map((given) => given[1] as number);
  tell({ type: 'changed', watch: one ?? 0 });
  await eventually(() => expect(first).toHaveBeenCalledTimes(1));
  stop();
  stop();
  tell({ type: 'changed', watch: one ?? 0 });
  tell({ type: 'changed', watch: two ?? 0 });
  await eventually(() => expect(second).toHaveBeenCalledTimes(1));
  expect(first).toHaveBeenCalledTimes(1);
  expect(asked.filter(([name]) => name === 'unwatch')).toEqual([['unwatch', one]]);
});

test('the state is known at once and kept up', async () => {
  const { engine, tell } = await connected();
  const heard: unknown[] = [];
  const stop = engine.watchStatus((status) => heard.push(status));
  expect(heard).toEqual([{ city: 'connecting', waiting: 0 }]);
  tell({ type: 'status', status: { city: 'open', waiting: 2 } });
  await eventually(() => expect(heard).toHaveLength(2));
  stop();
  engine.watchStatus((status) => heard.push(status));
  expect(heard.at(-1)).toEqual({ city: 'open', waiting: 2 });
});

test('what the page signs is asked for from the worker', async () => {
  const { engine, asked } = await connected();
  const event = fakeEvent({ kind: 22242 });
  engine.setAuthenticator(() => Promise.resolve(event));
  await eventually(() => expect(asked).toEqual([['signed', event]]));
  engine.setAuthenticator(undefined);
  await eventually(() => expect(asked.at(-1)).toEqual(['signed', undefined]));
});

test('subscriptions are released by their number; local history crosses as it is', async () => {
  const { engine, asked } = await connected();
  const setting: LocalEvent = { type: 'SettingChanged', v: 1, name: 'x', value: { a: [1] } };
  engine.subscribe({ filters: [{ kinds: [1] }] })();
  await engine.record([setting]);
  const id = asked[0]?.[1];
  expect(asked).toEqual([
    ['subscribe', id, { filters: [{ kinds: [1] }] }],
    ['unsubscribe', id],
    ['record', [setting]],
  ]);
});

test('a failing store is a rejected promise', async () => {
  const { engine } = await connected();
  await expect(engine.enqueue(fakeEvent({ kind: 1 }))).rejects.toThrow('disk full');
});

test('rebuilding tells how far it is, while it runs', async () => {
  const { engine } = await connected();
  const progress = vi.fn();
  await engine.upkeep.rebuild({ progress });
  await eventually(() => expect(progress).toHaveBeenCalledWith(1, 2));
  expect(progress).toHaveBeenCalledTimes(1);
});

test('an app that is too old, or a worker that does not start, is told apart', async () => {
  const { port } = fakeRemote();
  expect(await connectEngine(port, { ...options, relay: 'wss://old.test' })).toMatchObject({
    error: { code: 'superseded' },
  });
  const silent = new EventTarget() as unknown as Comlink.Endpoint;
  silent.postMessage = () => undefined;
  const opening = connectEngine(silent, options);
  (silent as unknown as EventTarget).dispatchEvent(new Event('error'));
  expect(await opening).toMatchObject({ error: { code: 'storage' } });
});
