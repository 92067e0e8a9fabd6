import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { FakeNet } from '../../../tests/support/fake-relay.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import { Relay } from './relay.ts';
import type { RelayOptions } from './relay.ts';

const URL = 'wss://a.test';
const NOW = 1_800_000_000;
const DAY = 86_400;

let net: FakeNet;
let opened: Relay[];
beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000 });
  net = new FakeNet();
  opened = [];
});
afterEach(() => {
  opened.forEach((relay) => relay.close());
  vi.useRealTimers();
});

const open = (options: Partial<RelayOptions> = {}): Relay => {
  const relay = new Relay({ url: URL, ports: net.ports, ...options });
  opened.push(relay);
  return relay;
};
/** Lets frames travel, and time pass. */
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

const ask = (relay: Relay, filter: Filter = { kinds: [1] }, live = true) => {
  const heard: string[] = [];
  const release = relay.request({
    filters: [filter],
    live,
    event: (event) => heard.push(event.content),
    complete: () => heard.push('.'),
    refused: (reason) => heard.push(reason),
  });
  return { heard, release };
};
const note = (content: string, at = NOW, kind = 1): NostrEvent =>
  fakeEvent({ kind, content, created_at: at });
const requests = () => net.at(URL).heard.filter((frame) => frame[0] === 'REQ' && frame[1] !== 'ping');

test('stored events come, then the end, then live ones', async () => {
  net.at(URL).publish(note('old'));
  const { heard, release } = ask(open());
  await pass();
  net.at(URL).publish(note('new'));
  expect(heard).toEqual(['old', '.', 'new']);
  release();
  await pass();
  net.at(URL).publish(note('newer'));
  expect(heard).toHaveLength(3);
  expect(net.at(URL).connection.subscriptions.size).toBe(0);
});

test('after a loss it connects again and asks from a week before the newest seen, without the limit', async () => {
  net.at(URL).publish(note('a', NOW - 10));
  const { heard } = ask(open(), { kinds: [1], limit: 5 });
  await pass();
  net.at(URL).dieAll();
  net.at(URL).publish(note('late', NOW - 3 * DAY));
  await pass(1000);
  expect(heard).toEqual(['a', '.', 'a', 'late', '.']);
  expect(requests().map((frame) => frame[2])).toEqual([
    { kinds: [1], limit: 5 },
    { kinds: [1], since: NOW - 10 - 7 * DAY },
  ]);
});

test('an event from the future does not move the place to ask from', async () => {
  net.at(URL).publish(note('future', NOW + 900 * DAY));
  ask(open());
  await pass();
  net.at(URL).dieAll();
  await pass(1000);
  expect(requests().at(-1)?.[2]).toEqual({ kinds: [1], since: NOW - 7 * DAY });
});

test('a relay that is down is tried again, ever less often, at most every 30 seconds', async () => {
  net.at(URL).isDown = true;
  const relay = open();
  await pass(3_000);
  const early = net.at(URL).attempts;
  expect(early).toBeGreaterThanOrEqual(3);
  await pass(10 * 60_000);
  expect(net.at(URL).attempts - early).toBeGreaterThan(20);
  expect(net.at(URL).attempts - early).toBeLessThan(32);
  expect([relay.state, relay.isFailing]).toEqual(['connecting', true]);
  net.at(URL).isDown = false;
  await pass(30_000);
  expect([relay.state, relay.isFailing]).toEqual(['open', false]);
});

test('the network’s return is the moment to try, its loss the moment to stop', async () => {
  const states: string[] = [];
  net.setOnline(false);
  const relay = open({ stateChanged: (state) => states.push(state) });
  await pass(60_000);
  expect([net.at(URL).attempts, relay.state]).toEqual([0, 'offline']);
  net.setOnline(true);
  await pass();
  expect(relay.state).toBe('open');
  net.setOnline(false);
  await pass(60_000);
  expect(net.at(URL).attempts).toBe(1);
  expect(states).toEqual(['offline', 'connecting', 'open', 'connecting', 'offline']);
});

test('a silent connection is asked for a sign of life, kept when one comes, else replaced', async () => {
  const relay = open();
  await pass(45_000);
  expect(net.at(URL).count('REQ')).toBe(1);
  expect(net.at(URL).attempts).toBe(1);
  net.at(URL).isSilent = true;
  await pass(45_000);
  net.at(URL).isSilent = false;
  await pass(2_000);
  expect(net.at(URL).attempts).toBe(2);
  expect(relay.state).toBe('open');
});

test('a socket that never opens is given up after ten seconds', async () => {
  let made = 0;
  const hanging = () => {
    made += 1;
    return { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined };
  };
  open({ ports: { ...net.ports, sockets: hanging } });
  await pass(9_000);
  expect(made).toBe(1);
  await pass(3_000);
  expect(made).toBe(2);
});

test('an address that the browser refuses is no crash', async () => {
  const relay = open({
    ports: {
      ...net.ports,
      sockets: () => {
        throw new SyntaxError('mixed content');
      },
    },
  });
  await pass(5_000);
  expect(relay.state).toBe('connecting');
});

test('what was not asked for, not understood or too long is ignored and counted', async () => {
  const relay = open();
  const { heard } = ask(relay);
  await pass();
  const id = requests()[0]?.[1];
  const { connection } = net.at(URL);
  connection.tell(['EVENT', id, note('another kind', NOW, 7)]);
  connection.tell(['EVENT', 'q99', note('another question')]);
  connection.tell(['EVENT', id, { ...note('no event'), sig: 'x' }]);
  connection.tell('{"half a fra');
  connection.tell('[]');
  connection.tell(['WHAT', 'is this']);
  connection.tell(`["EVENT","${String(id)}","${'x'.repeat(600_000)}"]`);
  connection.tell(['EOSE', 'q98']);
  connection.tell(['OK', 'f'.repeat(64), true, '']);
  connection.tell(['NOTICE', 'hello']);
  expect(heard).toEqual(['.']);
  expect(relay.nonsense).toBe(7);
  expect(relay.state).toBe('open');
});

test('at most fifteen questions are open; the rest get their turn, live ones leave room', async () => {
  const relay = open();
  net.at(URL).isSilent = true;
  const live = Array.from({ length: 14 }, (_, n) => ask(relay, { kinds: [n + 1] }));
  const once = Array.from({ length: 5 }, (_, n) => ask(relay, { kinds: [n + 100] }, false));
  await pass();
  const asked = () => requests().map((frame) => (frame[2] as Filter).kinds?.[0]);
  expect(asked()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 100, 101, 102]);
  once[0]?.release();
  live[0]?.release();
  await pass();
  expect(asked().slice(15)).toEqual([103, 104]);
  once.forEach(({ release }) => release());
  await pass();
  expect(asked().slice(17)).toEqual([13]);
});

test('a question that nothing can match costs the relay nothing', async () => {
  const { heard } = ask(open(), { authors: [] });
  await pass();
  expect([heard, requests()]).toEqual([['.'], []]);
});

test('a refusal is passed on; a busy relay is asked again', async () => {
  const relay = open();
  net.at(URL).refuse = (filters) =>
    filters[0]?.kinds?.[0] === 1 ? 'restricted: no' : 'rate-limited: slow down';
  const [refused, busy] = [ask(relay), ask(relay, { kinds: [2] })];
  await pass();
  expect([refused.heard, busy.heard]).toEqual([['restricted: no'], []]);
  net.at(URL).refuse = () => undefined;
  await pass(2_500);
  expect([refused.heard, busy.heard]).toEqual([['restricted: no'], ['.']]);
});

test('a refused live question is asked again after a minute, or once something of ours was accepted', async () => {
  const relay = open();
  net.at(URL).refuse = () => 'restricted: members only';
  const { heard } = ask(relay);
  const once = ask(relay, { kinds: [2] }, false);
  await pass(61_000);
  expect([heard, once.heard]).toEqual([
    ['restricted: members only', 'restricted: members only'],
    ['restricted: members only'],
  ]);
  net.at(URL).refuse = () => undefined;
  await relay.publish(note('let me in', NOW, 9021));
  await pass();
  expect([heard.at(-1), once.heard.at(-1)]).toEqual(['.', 'restricted: members only']);
});

const signer = (pubkey: string) => (relay: string, challenge: string) =>
  Promise.resolve(
    fakeEvent({
      kind: 22242,
      pubkey,
      created_at: NOW,
      tags: [
        ['relay', relay],
        ['challenge', challenge],
      ],
    }),
  );
const [anna, ben] = ['a1'.repeat(32), 'b2'.repeat(32)];

test('a refused question is asked again when somebody signs in', async () => {
  net.at(URL).challenge = 'c';
  net.at(URL).refuse = (_filters, connection) => (connection.pubkey ? undefined : 'auth-required: who?');
  const relay = open();
  const { heard } = ask(relay);
  await pass();
  expect(heard).toEqual(['auth-required: who?']);
  relay.setAuthenticator(signer(anna));
  await pass();
  expect(heard).toEqual(['auth-required: who?', '.']);
  expect(net.at(URL).connection.pubkey).toBe(anna);
});

test('a relay is told who we are only when it wants to know, the city’s own at once', async () => {
  for (const proveAtOnce of [false, true]) {
    const url = `wss://${String(proveAtOnce)}.test`;
    net.at(url).challenge = 'c';
    const relay = open({ url, proveAtOnce });
    relay.setAuthenticator(signer(anna));
    const { heard } = ask(relay);
    await pass();
    expect(net.at(url).connection.pubkey).toBe(proveAtOnce ? anna : undefined);
    expect(heard.at(-1)).toBe('.');
  }
});

test('signing out or in as somebody else starts a fresh connection', async () => {
  net.at(URL).challenge = 'c';
  const relay = open({ proveAtOnce: true });
  relay.setAuthenticator(signer(anna));
  await pass();
  relay.setAuthenticator(signer(ben));
  await pass();
  expect([net.at(URL).attempts, net.at(URL).connection.pubkey]).toEqual([2, ben]);
  relay.setAuthenticator(undefined);
  await pass();
  expect([net.at(URL).attempts, net.at(URL).connection.pubkey]).toEqual([3, undefined]);
});

test('a signer that throws or declines leaves us a stranger', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  net.at(URL).challenge = 'c';
  net.at(URL).refuse = () => 'auth-required: who?';
  const relay = open();
  relay.setAuthenticator(() => Promise.reject(new Error('no')));
  const { heard } = ask(relay);
  await pass();
  expect(heard).toEqual(['auth-required: who?']);
  relay.setAuthenticator(() => Promise.resolve(undefined));
  await pass();
  expect(net.at(URL).count('AUTH')).toBe(0);
  expect(said).toHaveBeenCalledTimes(1);
  said.mockRestore();
});

test('an event gets the relay’s word', async () => {
  const relay = open();
  await pass();
  const event = note('x');
  expect(await relay.publish(event)).toEqual({ outcome: 'accepted', note: '' });
  expect(await relay.publish(event)).toEqual({ outcome: 'accepted', note: 'duplicate: known' });
  net.at(URL).answer = () => [false, 'pow: 1 needs 20 bits'];
  expect(await relay.publish(note('y'))).toEqual({ outcome: 'refused', reason: 'pow: 1 needs 20 bits' });
});

test('an event without an answer says so: not connected, cut, silent, answered for another', async () => {
  const relay = open();
  const unanswered = { outcome: 'no-answer' };
  expect(await relay.publish(note('early'))).toEqual(unanswered);
  await pass();
  net.at(URL).answer = (event) => {
    net.at(URL).connection.tell(['OK', 'e'.repeat(64), true, '']);
    return event.content === 'cut' ? void net.at(URL).dieAll() : undefined;
  };
  const silent = relay.publish(note('silent'));
  const again = relay.publish(note('silent'));
  await pass(15_000);
  expect([await silent, await again]).toEqual([unanswered, unanswered]);
  expect(relay.isIdle).toBe(true);
  const cut = relay.publish(note('cut'));
  await pass();
  expect(await cut).toEqual(unanswered);
});

test('an event refused for want of a key is sent once more after signing in', async () => {
  net.at(URL).challenge = 'c';
  net.at(URL).answer = (_event, connection) =>
    connection.pubkey ? [true, ''] : [false, 'auth-required: who?'];
  const relay = open();
  await pass();
  const [first, second] = [note('x'), note('y')];
  expect(await relay.publish(first)).toMatchObject({ outcome: 'refused' });
  relay.setAuthenticator(signer(anna));
  expect(await relay.publish(second)).toEqual({ outcome: 'accepted', note: '' });
});

test('a paused relay comes back later; a closed one never', async () => {
  const relay = open();
  await pass();
  relay.pause();
  expect(net.at(URL).connections.size).toBe(0);
  await pass(2_000);
  expect(relay.state).toBe('open');
  relay.close();
  await pass(120_000);
  net.setOnline(false);
  net.setOnline(true);
  await pass(1_000);
  expect([net.at(URL).connections.size, net.at(URL).attempts]).toEqual([0, 2]);
});
