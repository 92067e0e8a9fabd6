import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { afterEach, expect, test, vi } from 'vitest';
import { makeAuth } from '#protocol/relay/auth.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isLine } from '#protocol/messages.ts';
import { FakeNet } from '../../../tests/support/fake-relay.ts';
import { FakeOrigin, noNews } from '../../../tests/support/fake-tabs.ts';
import { MemoryRegister } from '../../../tests/support/memory-register.ts';
import { makeProfileKeys, plainCompressor } from '../../../tests/support/profile-keys.ts';
import type { ProfileKeys } from '../store/profiles/profile-keys.ts';
import type { Projection } from '../store/projection.ts';
import { defineTable } from '../store/table.ts';
import { connectEngine } from './connect.ts';
import type { Engine, EngineStatus } from './engine.ts';
import { EngineHost } from './host.ts';
import { EngineFront } from './tabs/front.ts';
import { remoteOver } from './tabs/front-remote.ts';
import { verifyHere } from './verify-batch.ts';
import { createVerifier } from './verifying.ts';

const HOME = 'wss://city.test';
const secret = generateSecretKey();
const relaySecret = generateSecretKey();
const relayKey = getPublicKey(relaySecret);

interface LineRow {
  readonly id: string;
  readonly group: string;
  readonly at: number;
  readonly text: string;
  readonly state: string;
}
const lines = defineTable<LineRow>({
  name: 'lines',
  id: (row) => row.id,
  part: (row) => row.group,
  order: (row) => row.at,
});
const states = { EventAccepted: 'sent', EventRejected: 'refused', EventDiscarded: 'gone' } as const;
const lineProjection: Projection = {
  name: 'lines',
  version: 1,
  tables: [lines],
  searchable: [
    {
      table: lines.name,
      words: (row) => {
        const { text, group, at, state: how } = row as LineRow;
        return how === 'gone' ? undefined : { text, group, at };
      },
    },
  ],
  async project(rows, event) {
    if (event.type === 'RelayEventSeen' || event.type === 'EventSigned') {
      const { id, created_at: at, content: text, tags } = event.event;
      const state = event.type === 'EventSigned' ? 'pending' : 'sent';
      if (isLine(event.event)) rows.put(lines, { id, at, text, group: tags[0]?.[1] ?? '', state });
    } else if (
      event.type === 'EventAccepted' ||
      event.type === 'EventRejected' ||
      event.type === 'EventDiscarded'
    ) {
      const row = await rows.get(lines, event.id);
      if (row) rows.put(lines, { ...row, state: states[event.type] });
    }
  },
};

let clock = 1_800_000_000;
const line = (text: string, group = 'a', key = secret): NostrEvent =>
  plain(finalizeEvent({ kind: 1, created_at: clock++, tags: [['h', group]], content: text }, key));
const state = (kind: number, key: Uint8Array): NostrEvent =>
  plain(finalizeEvent({ kind, created_at: clock++, tags: [['d', 'a']], content: '' }, key));
const plain = ({ id, pubkey, created_at, kind, tags, content, sig }: NostrEvent): NostrEvent => ({
  id,
  pubkey,
  created_at,
  kind,
  tags,
  content,
  sig,
});

const endings: (() => Promise<void>)[] = [];
const endAll = () => Promise.all(endings.splice(0).map((end) => end()));
afterEach(endAll);

interface Device {
  readonly keys: ProfileKeys;
  readonly origin: FakeOrigin;
  readonly register: MemoryRegister;
}
const makeDevice = async (): Promise<Device> => ({
  keys: await makeProfileKeys(),
  origin: new FakeOrigin(),
  register: new MemoryRegister(),
});

/** An engine behind a message channel, as a page has it; a device that has one already gets a second tab. */
const openEngine = async (net: FakeNet, device?: Device): Promise<Engine> => {
  const { keys, origin, register } = device ?? (await makeDevice());
  const { line: tabLine, locks } = origin.tab();
  const front = new EngineFront({
    makeEngine: () =>
      new EngineHost([lineProjection], {
        relays: net.ports,
        locks,
        outboxNews: noNews,
        verify: verifyHere(createVerifier()),
        compressor: () => Promise.resolve(plainCompressor),
        register,
      }),
    line: tabLine,
    locks,
    address: `tab ${origin.held.size} ${Math.random()}`,
    build: 1,
  });
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(remoteOver(front), port1);
  endings.push(async () => {
    await front.close();
    port1.close();
    port2.close();
  });
  const engine = await connectEngine(port2, { relay: `${HOME}/`, relayKey, keys });
  if (!engine.ok) throw new Error(engine.error.message);
  return engine.value;
};
const texts = async (engine: Engine, group = 'a') =>
  (await engine.part(lines, { part: group })).map((row) => `${row.text}: ${row.state}`);
/** Waits for an expectation to hold, however busy the machine is. */
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });
const talk = { filters: [{ kinds: [1], '#h': ['a'] }] };

test('what a relay sends is verified, stored, projected and told to watchers', async () => {
  const net = new FakeNet();
  net.at(HOME).publish(line('before'));
  const engine = await openEngine(net);
  const changed = vi.fn();
  engine.watch([{ table: 'lines', part: 'a' }], changed);
  const release = engine.subscribe(talk);
  await eventually(async () => expect(await texts(engine)).toEqual(['before: sent']));
  await eventually(() => expect(changed).toHaveBeenCalled());
  const live = line('live');
  net.at(HOME).publish(live);
  await eventually(async () => expect(await texts(engine)).toEqual(['live: sent', 'before: sent']));
  expect(await engine.get(lines, live.id)).toMatchObject({ text: 'live' });
  expect(await engine.count(lines, 'a')).toBe(2);
  release();
  await eventually(() => expect(net.at(HOME).count('CLOSE')).toBe(1));
});

test('what came and what was written is found by its words, in every tab and after reopening', async () => {
  const net = new FakeNet();
  net.at(HOME).publish(line('a red boat in the harbour'));
  net.at(HOME).answer = () => [false, 'blocked: not today']; // what a relay took would come back from it
  const device = await makeDevice();
  const engine = await openEngine(net, device);
  engine.subscribe(talk);
  const own = line('the harbour sleeps');
  await engine.enqueue(own);
  const find = async (tab: Engine, text: string) => {
    const { hits } = await tab.search({ text, tables: ['lines'], group: 'a' });
    return (
      await tab.getMany(
        lines,
        hits.map(({ id }) => id),
      )
    )
      .map((row) => row?.text)
      .sort();
  };
  const both = ['a red boat in the harbour', 'the harbour sleeps'];
  await eventually(async () => expect(await find(engine, 'harbour')).toEqual(both));
  const second = await openEngine(net, device);
  expect(await find(second, '"red boat"')).toEqual([both[0]]);
  await second.discard(own.id);
  expect(await find(engine, 'harbour')).toEqual([both[0]]);
  await endAll();
  expect(await find(await openEngine(net, device), 'harb')).toEqual([both[0]]);
});

test('equal subscriptions are one question to the relay', async () => {
  const net = new FakeNet();
  const engine = await openEngine(net);
  const releases = [
    engine.subscribe(talk),
    engine.subscribe(talk),
    engine.subscribe({ relay: HOME, ...talk }),
  ];
  await eventually(() => expect(net.at(HOME).count('REQ')).toBe(1));
  releases[0]?.();
  releases[0]?.();
  releases[1]?.();
  await engine.fetch({ filters: [{ kinds: [7] }] });
  expect([...net.at(HOME).connection.subscriptions.values()]).toEqual([talk.filters]);
});

test('forged events are ignored, and so are answers to nothing that was asked', async () => {
  const net = new FakeNet();
  const engine = await openEngine(net);
  engine.subscribe(talk);
  await eventually(() => expect(net.at(HOME).connections.size).toBe(1));
  await eventually(() => expect(net.at(HOME).connection.subscriptions.size).toBe(1));
  const real = line('real');
  const id = [...net.at(HOME).connection.subscriptions.keys()][0];
  const tell = (event: unknown) => net.at(HOME).connection.tell(['EVENT', id, event]);
  tell({ ...real, content: 'other words' });
  tell({ ...real, sig: `00${real.sig.slice(2)}` });
  tell(line('elsewhere', 'b'));
  tell({ ...real, id: 'short' });
  tell(real);
  await eventually(async () => expect(await texts(engine)).toEqual(['real: sent']));
  expect(await engine.count(lines, 'b')).toBe(0);
});

test('a group’s state is believed from its own relay’s key only', async () => {
  const net = new FakeNet();
  const request = { filters: [{ kinds: [39000, 39002] }] };
  net.at(HOME).publish(state(39000, relaySecret));
  net.at(HOME).publish(state(39002, secret));
  net.at('wss://liar.test').publish(state(39000, relaySecret));
  const engine = await openEngine(net);
  expect(await engine.fetch(request)).toMatchObject({ ok: true, value: { received: 1 } });
  expect(await engine.fetch({ ...request, relay: 'wss://liar.test' })).toMatchObject({
    value: { received: 0 },
  });
});

test('a question resolves once its events are there, with their number and the oldest time', async () => {
  const net = new FakeNet();
  const sent = Array.from({ length: 60 }, (_, n) => line(`line ${n}`));
  sent.forEach((event) => net.at(HOME).publish(event));
  const engine = await openEngine(net);
  const report = await engine.fetch(talk);
  expect(report).toEqual({ ok: true, value: { received: 60, oldest: sent[0]?.created_at } });
  expect(await engine.count(lines, 'a')).toBe(60);
  expect(await engine.fetch({ filters: [{ ids: [] }] })).toEqual({ ok: true, value: { received: 0 } });
});

test('a question is refused in the relay’s words, and unreachable offline at once', async () => {
  const net = new FakeNet();
  net.at(HOME).refuse = () => 'restricted: members only';
  const engine = await openEngine(net);
  expect(await engine.fetch(talk)).toMatchObject({
    ok: false,
    error: { code: 'refused', message: 'restricted: members only' },
  });
  net.setOnline(false);
  const before = performance.now();
  expect(await engine.fetch(talk)).toMatchObject({ error: { code: 'unreachable' } });
  expect(await engine.fetch({ ...talk, relay: 'no address' })).toMatchObject({
    error: { code: 'unreachable' },
  });
  expect(performance.now() - before).toBeLessThan(500);
});

test('an event is pending at once, sent when the relay answers', async () => {
  const net = new FakeNet();
  net.setOnline(false);
  const engine = await openEngine(net);
  const statuses: EngineStatus[] = [];
  engine.watchStatus((status) => statuses.push(status));
  const event = line('hello');
  await engine.enqueue(event);
  expect(await texts(engine)).toEqual(['hello: pending']);
  const answer = engine.answerOf(event.id);
  await eventually(() => expect(statuses.at(-1)).toEqual({ city: 'offline', waiting: 1 }));
  net.setOnline(true);
  expect(await answer).toEqual({ ok: true, value: { note: '' } });
  expect(await texts(engine)).toEqual(['hello: sent']);
  expect(net.at(HOME).events).toEqual([event]);
  await eventually(() => expect(statuses.at(-1)).toEqual({ city: 'open', waiting: 0 }));
  expect(await engine.answerOf(event.id)).toEqual({ ok: true, value: { note: '' } });
});

test('a refusal is told in the relay’s words; trying again or giving up is the person’s choice', async () => {
  const net = new FakeNet();
  net.at(HOME).answer = () => [false, 'blocked: not you'];
  const engine = await openEngine(net);
  const [first, second] = [line('first'), line('second')];
  await engine.enqueue(first);
  await engine.enqueue(second);
  expect(await engine.answerOf(first.id)).toMatchObject({
    error: { code: 'refused', message: 'blocked: not you' },
  });
  expect(await engine.answerOf(second.id)).toMatchObject({ ok: false });
  net.at(HOME).answer = () => [true, ''];
  await engine.retry(first.id);
  expect(await engine.answerOf(first.id)).toMatchObject({ ok: true });
  await engine.discard(second.id);
  expect(await engine.answerOf(second.id)).toMatchObject({ error: { code: 'discarded' } });
  expect(await texts(engine)).toEqual(['second: gone', 'first: sent']);
});

test('what was refused is told, and a mended one takes its place in one breath', async () => {
  const net = new FakeNet();
  net.at(HOME).answer = () => [false, 'invalid: too old'];
  const engine = await openEngine(net);
  const statuses: EngineStatus[] = [];
  engine.watchStatus((status) => statuses.push(status));
  const [old, mended] = [line('old'), line('new')];
  await engine.enqueue(old);
  expect(await engine.answerOf(old.id)).toMatchObject({ ok: false });
  expect(await engine.refused()).toEqual([{ event: old, relays: [HOME], reason: 'invalid: too old' }]);
  await eventually(() => expect(statuses.at(-1)).toEqual({ city: 'open', waiting: 0, refused: 1 }));
  net.at(HOME).answer = () => [true, ''];
  await engine.enqueue(mended, { instead: old.id });
  expect(await engine.answerOf(mended.id)).toMatchObject({ ok: true });
  expect(await engine.answerOf(old.id)).toMatchObject({ error: { code: 'discarded' } });
  expect(await engine.refused()).toEqual([]);
  expect(net.at(HOME).events).toEqual([mended]);
});

test('two tabs send what waits once', async () => {
  const net = new FakeNet();
  net.setOnline(false);
  const device = await makeDevice();
  const tabs = [await openEngine(net, device), await openEngine(net, device)];
  const events = Array.from({ length: 6 }, (_, n) => line(`line ${n}`));
  for (const [n, event] of events.entries()) await tabs[n % 2]?.enqueue(event);
  net.setOnline(true);
  for (const tab of tabs)
    for (const event of events) expect(await tab.answerOf(event.id)).toMatchObject({ ok: true });
  const sent = net
    .at(HOME)
    .heard.filter((frame) => frame[0] === 'EVENT')
    .map((frame) => (frame[1] as NostrEvent).content);
  expect(sent).toEqual(events.map((event) => event.content));
});

test('what was queued before a restart is sent after it', async () => {
  const net = new FakeNet();
  net.setOnline(false);
  const device = await makeDevice();
  const before = await openEngine(net, device);
  const event = line('from before');
  await before.enqueue(event);
  await endAll();
  net.setOnline(true);
  const after = await openEngine(net, device);
  expect(await after.answerOf(event.id)).toMatchObject({ ok: true });
  expect(await texts(after)).toEqual(['from before: sent']);
});

test('a relay that wants to know who asks is told, and asked again', async () => {
  const net = new FakeNet();
  const relay = net.at(HOME);
  relay.challenge = 'who?';
  relay.refuse = (_filters, connection) => (connection.pubkey ? undefined : 'auth-required: members only');
  relay.answer = (_event, connection) => (connection.pubkey ? [true, ''] : [false, 'auth-required: say who']);
  relay.events.push(line('secret'));
  const engine = await openEngine(net);
  engine.subscribe(talk);
  const waiting = line('mine');
  await engine.enqueue(waiting);
  expect(await engine.fetch(talk)).toMatchObject({ error: { code: 'refused' } });
  expect(await texts(engine)).toEqual(['mine: pending']);
  engine.setAuthenticator((url, challenge) =>
    Promise.resolve(
      plain(
        finalizeEvent(
          {
            ...makeAuth(url, challenge),
            created_at: clock,
            tags: [
              ['relay', url],
              ['challenge', challenge],
            ],
          },
          secret,
        ),
      ),
    ),
  );
  expect(await engine.answerOf(waiting.id)).toMatchObject({ ok: true });
  await eventually(async () => expect(await texts(engine)).toEqual(['mine: sent', 'secret: sent']));
  expect(relay.connection.pubkey).toBe(getPublicKey(secret));
  engine.setAuthenticator(undefined);
  await eventually(() => expect(relay.connection.pubkey).toBeUndefined());
});

test('meta is kept; wiping forgets', async () => {
  const engine = await openEngine(new FakeNet());
  await engine.writeMeta('key', { wrapped: [1] });
  await engine.record([{ type: 'EventSigned', v: 1, event: line('x'), relays: [] }]);
  expect(await engine.readMeta('key')).toEqual({ wrapped: [1] });
  const progress = vi.fn();
  await engine.upkeep.rebuild({ progress });
  expect(progress).toHaveBeenCalledWith(1, 1);
  expect(await texts(engine)).toEqual(['x: pending']);
  await engine.wipe();
  expect(await engine.readMeta('key')).toBeUndefined();
  expect(await texts(engine)).toEqual([]);
});
