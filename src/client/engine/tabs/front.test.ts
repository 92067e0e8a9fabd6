import { afterEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { FakeOrigin } from '../../../../tests/support/fake-tabs.ts';
import { makeProfileKeys } from '../../../../tests/support/profile-keys.ts';
import type { Authenticator } from '../../relays/ports.ts';
import type { EngineRemote, Signal } from '../remote.ts';
import { EngineFront } from './front.ts';

const OPTIONS = { relay: 'wss://city.test', relayKey: 'k', keys: await makeProfileKeys() };

/** An engine over a store that outlives it, as a database does. */
class FakeEngine implements EngineRemote {
  readonly watches = new Map<number, unknown>();
  readonly subscriptions = new Map<number, unknown>();
  authenticator: Authenticator | undefined;
  isClosed = false;
  signal: (signal: Signal) => void = () => undefined;
  readonly #meta: Map<string, unknown>;
  readonly #failure: boolean;
  /** Set to keep questions waiting. */
  isSilent = false;

  constructor(meta: Map<string, unknown>, failure = false) {
    this.#meta = meta;
    this.#failure = failure;
  }
  async open(_options: unknown, signal: (signal: Signal) => void) {
    this.signal = signal;
    if (this.#failure) return { ok: false as const, error: { code: 'storage' as const, message: 'no disk' } };
    signal({ type: 'status', status: { city: 'open', waiting: 3 } });
    return { ok: true as const, value: undefined };
  }
  watch = (id: number, watched: unknown) => void this.watches.set(id, watched);
  unwatch = (id: number) => void this.watches.delete(id);
  subscribe = (id: number, request: unknown) => void this.subscriptions.set(id, request);
  unsubscribe = (id: number) => void this.subscriptions.delete(id);
  setAuthenticator = (sign: Authenticator | undefined) => void (this.authenticator = sign);
  readMeta = async (name: string) => (this.isSilent ? new Promise(() => undefined) : this.#meta.get(name));
  writeMeta = async (name: string, value: unknown) => void this.#meta.set(name, value);
  getMany = async (_table: string, ids: readonly string[]): Promise<unknown[]> => [...ids];
  all = async () => [];
  part = async () => [];
  count = async () => 7;
  search = async () => ({ hits: [], total: 0, all: false, phrases: [] });
  record = async () => undefined;
  fetch = async () => ({ ok: true as const, value: { received: 0 } });
  enqueue = async () => undefined;
  say = async () => undefined;
  answerOf = async () => ({ ok: true as const, value: { note: '' } });
  refused = async () => [];
  retry = async () => undefined;
  discard = async () => undefined;
  upkeep = async () => {
    throw new RangeError('cannot');
  };
  wipe = async () => undefined;
  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const city = () => {
  const origin = new FakeOrigin();
  const meta = new Map<string, unknown>();
  const engines: FakeEngine[] = [];
  let addresses = 0;
  const open = ({ failure = false, build = 1 } = {}) => {
    const tab = origin.tab();
    const signals: Signal[] = [];
    const front = new EngineFront({
      makeEngine: () => {
        const engine = new FakeEngine(meta, failure);
        engines.push(engine);
        return engine;
      },
      line: tab.line,
      locks: tab.locks,
      address: `tab${++addresses}`,
      build,
    });
    const opened = front.open(OPTIONS, (signal) => signals.push(signal));
    return { tab, front, opened, signals };
  };
  return { open, engines, meta };
};
const changes = (signals: readonly Signal[]) =>
  signals.flatMap((signal) => (signal.type === 'changed' ? [signal.watch] : []));
afterEach(() => vi.restoreAllMocks());

test('of several tabs one opens the engine, and all of them use it', async () => {
  const { open, engines } = city();
  const tabs = [open(), open(), open()];
  for (const { opened } of tabs) expect(await opened).toEqual({ ok: true, value: undefined });
  expect(engines).toHaveLength(1);
  await tabs[2]?.front.call('writeMeta', ['places', { at: 1 }]);
  for (const { front } of tabs) expect(await front.call('readMeta', ['places'])).toEqual({ at: 1 });
});

test('a tab that comes later finds the leader, and learns how the city is', async () => {
  const { open, engines } = city();
  await open().opened;
  const late = open();
  await late.opened;
  await late.front.call('count', ['lines', 'a']);
  expect(engines).toHaveLength(1);
  expect(late.signals).toEqual([{ type: 'status', status: { city: 'open', waiting: 3 } }]);
});

test('each tab hears of its own watches, by its own numbers', async () => {
  const { open, engines } = city();
  const [one, two] = [open(), open()];
  await Promise.all([one.opened, two.opened]);
  await one.front.call('watch', [1, [{ table: 'a' }]]);
  await two.front.call('watch', [1, [{ table: 'people' }]]);
  const engine = engines[0] as FakeEngine;
  const idOf = (table: string) =>
    [...engine.watches].find(([, watched]) => JSON.stringify(watched).includes(table))?.[0] ?? 0;
  engine.signal({ type: 'changed', watch: idOf('people') });
  await vi.waitFor(() => expect(changes(two.signals)).toEqual([1]));
  expect(changes(one.signals)).toEqual([]);
  await two.front.call('unwatch', [1]);
  expect(engine.watches.size).toBe(1);
});

test('when the leader is killed, the next one opens, and the others begin anew with it', async () => {
  const { open, engines, meta } = city();
  const [first, second, third] = [open(), open(), open()];
  await Promise.all([first.opened, second.opened, third.opened]);
  await third.front.call('watch', [5, [{ table: 'a' }]]);
  await third.front.call('subscribe', [6, { filters: [] }]);
  meta.set('kept', 'still here');
  (engines[0] as FakeEngine).isSilent = true;
  const question = third.front.call('readMeta', ['kept']);
  const others = second.front.call('readMeta', ['kept']);
  first.tab.kill();
  expect(await question).toBe('still here');
  expect(await others).toBe('still here');
  const engine = engines[1] as FakeEngine;
  await vi.waitFor(() => expect([engine.watches.size, engine.subscriptions.size]).toEqual([1, 1]));
  expect(engines).toHaveLength(2);
  expect(changes(third.signals)).toEqual([5]);
  engine.signal({ type: 'changed', watch: [...engine.watches.keys()][0] ?? 0 });
  await vi.waitFor(() => expect(changes(third.signals)).toEqual([5, 5]));
});

test('a leader that closes hands over; its engine is closed', async () => {
  const { open, engines } = city();
  const [first, second] = [open(), open()];
  await Promise.all([first.opened, second.opened]);
  first.front.close();
  expect(await second.front.call('count', ['lines', 'a'])).toBe(7);
  expect(engines.map(({ isClosed }) => isClosed)).toEqual([true, false]);
});

test('what a dead tab watched is watched no more', async () => {
  const { open, engines } = city();
  const [first, second] = [open(), open()];
  await Promise.all([first.opened, second.opened]);
  await second.front.call('watch', [1, [{ table: 'a' }]]);
  await second.front.call('subscribe', [1, { filters: [] }]);
  await second.front.call('setAuthenticator', [async () => undefined]);
  const engine = engines[0] as FakeEngine;
  expect([engine.watches.size, engine.subscriptions.size, engine.authenticator !== undefined]).toEqual([
    1,
    1,
    true,
  ]);
  second.tab.kill();
  await vi.waitFor(() =>
    expect([engine.watches.size, engine.subscriptions.size, engine.authenticator]).toEqual([0, 0, undefined]),
  );
});

test('a relay’s challenge is answered by whichever tab has the key', async () => {
  const { open, engines } = city();
  const [first, second, third] = [open(), open(), open()];
  await Promise.all([first.opened, second.opened, third.opened]);
  const answer = fakeEvent({ kind: 22242 });
  await second.front.call('setAuthenticator', [async () => undefined]);
  await third.front.call('setAuthenticator', [async () => answer]);
  expect(await (engines[0] as FakeEngine).authenticator?.('wss://city.test', 'c')).toEqual(answer);
  await third.front.call('setAuthenticator', [undefined]);
  expect(await (engines[0] as FakeEngine).authenticator?.('wss://city.test', 'c')).toBeUndefined();
});

test('an engine that cannot be opened is told, and the next tab tries', async () => {
  const { open } = city();
  const broken = open({ failure: true });
  expect(await broken.opened).toMatchObject({ ok: false, error: { code: 'storage' } });
  expect(await open().opened).toEqual({ ok: true, value: undefined });
});

test('errors cross with their names; nothing but the engine’s face can be called', async () => {
  const { open } = city();
  const [first, second] = [open(), open()];
  await Promise.all([first.opened, second.opened]);
  await expect(second.front.call('upkeep', [])).rejects.toMatchObject({ name: 'RangeError' });
  for (const method of ['open', 'constructor', 'close', '__proto__'])
    await expect(second.front.call(method as 'wipe', [])).rejects.toThrow(/nothing is called/);
});

test('a newer build takes the data over from all older tabs', async () => {
  const { open, engines } = city();
  const older = [open(), open(), open()];
  for (const { opened } of older) await opened;
  const newer = open({ build: 2 });
  expect(await newer.opened).toEqual({ ok: true, value: undefined });
  expect(engines.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  for (const { signals } of older) expect(signals.at(-1)).toEqual({ type: 'superseded' });
});

test('an older build does not come in beside a newer one', async () => {
  const { open, engines } = city();
  const newer = open({ build: 2 });
  await newer.opened;
  expect(await open({ build: 1 }).opened).toMatchObject({ ok: false, error: { code: 'superseded' } });
  expect(engines).toHaveLength(1);
  expect(newer.signals.some(({ type }) => type === 'superseded')).toBe(false);
});

test('the next one leads only once the one before has everything on the disk', async () => {
  const { open, engines } = city();
  const [first, second] = [open(), open()];
  await Promise.all([first.opened, second.opened]);
  let finish: () => void = () => undefined;
  (engines[0] as FakeEngine).close = () => new Promise((done) => (finish = done));
  const closed = first.front.close();
  await new Promise((later) => setTimeout(later, 20));
  expect(engines).toHaveLength(1);
  finish();
  await closed;
  await vi.waitFor(() => expect(engines).toHaveLength(2));
});

test('a tab that is closed while it waits for its turn never leads', async () => {
  const { open, engines } = city();
  const [first, second] = [open(), open()];
  await Promise.all([first.opened, second.opened]);
  await second.front.close();
  await first.front.close();
  await new Promise((later) => setTimeout(later, 20));
  expect(engines).toHaveLength(1);
});
