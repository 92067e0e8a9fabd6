import { expect, test } from 'vitest';
import { parseHttpAuth } from '#protocol/http-auth.ts';
import { HTTP_AUTH } from '#protocol/kinds.ts';
import { parsePushRequest } from '#protocol/push.ts';
import type { PushWant } from '#protocol/push.ts';
import { tagValue } from '#protocol/tags.ts';
import { bytesToHex } from '#shared/bytes.ts';
import { ok } from '#shared/result.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import type { Signer } from '../keys/signer.ts';
import { PushDesk } from './push-desk.ts';
import type { HeldAddress, Permission, PushOwner, PushPorts } from './push-desk.ts';

const me = fakeKey('a1');
const KEY = `B${'A'.repeat(86)}`;
const OTHER_KEY = `B${'E'.repeat(86)}`;
const wantsOf = (...ids: string[]): PushWant[] => [{ filter: { kinds: [1], '#h': ids } }];

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

/** A browser and a city; both say yes unless told otherwise. */
class FakeMachine implements PushPorts {
  state: Permission = 'default';
  answer: Permission = 'granted';
  held: HeldAddress | undefined;
  key = KEY;
  isOffline = false;
  refusal: { status: number; body: unknown } | undefined;
  browserSays = '';
  addresses = 0;
  readonly asked: Asked[] = [];
  permission = () => this.state;
  ask = () => Promise.resolve((this.state = this.answer));
  current = () => Promise.resolve(this.held);
  drop = () => Promise.resolve((this.held = undefined)) as unknown as Promise<void>;
  subscribe = (key: string) => {
    if (this.browserSays) return Promise.reject(new Error(this.browserSays));
    this.addresses += 1;
    const endpoint = `https://push.test/${this.addresses}`;
    this.held = { address: { endpoint, keys: { p256dh: KEY, auth: 'A'.repeat(22) } }, key };
    return Promise.resolve(this.held);
  };
  request: PushPorts['request'] = ({ method, path, body, authorization }) => {
    if (this.isOffline) return Promise.reject(new Error('offline'));
    this.asked.push({ method, path, body: body === undefined ? undefined : JSON.parse(body), authorization });
    if (method === 'GET') return Promise.resolve({ status: 200, body: { key: this.key } });
    return Promise.resolve(this.refusal ?? { status: 204, body: undefined });
  };
  /** Methods and paths since the last look. */
  take(): string[] {
    return this.asked.splice(0).map(({ method, path }) => `${method} ${path}`);
  }
}

class FakeOwner implements PushOwner {
  value: unknown;
  tag: string | undefined;
  last: string | undefined;
  time = 1_800_000_000;
  isHere = true;
  readonly origin = 'https://city.test';
  readonly memory = {
    read: () => Promise.resolve(this.value),
    write: (value: unknown) => Promise.resolve(void (this.value = structuredClone(value))),
  };
  noteTag = (tag: string | undefined) => Promise.resolve(void (this.tag = tag));
  readonly lastTag = { get: () => this.last, set: (tag: string | undefined) => void (this.last = tag) };
  signer = (): Signer | undefined =>
    this.isHere
      ? {
          kind: 'device',
          pubkey: me,
          sign: (draft) => Promise.resolve(ok(fakeEvent({ ...draft, pubkey: me }))),
        }
      : undefined;
  readonly clock = { now: () => this.time };
}

const made = () => {
  const machine = new FakeMachine();
  const owner = new FakeOwner();
  return { machine, owner, desk: new PushDesk(machine, owner) };
};
const turnedOn = async () => {
  const all = made();
  expect(await all.desk.turnOn(wantsOf('pier'))).toEqual({ ok: true, value: true });
  all.machine.take();
  return all;
};

test('turning on asks the person, takes an address for the city’s key, and tells the city, signed', async () => {
  const { machine, owner, desk } = made();
  expect(await desk.facts()).toMatchObject({ isOn: false, permission: 'default', host: undefined });
  await desk.turnOn(wantsOf('pier'));
  expect(machine.asked.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  const put = machine.asked[1];
  const request = parsePushRequest(put?.body);
  expect(request).toMatchObject({ ok: true, value: { tag: owner.tag, wants: wantsOf('pier') } });
  const signed = parseHttpAuth(put?.authorization);
  if (!signed.ok) throw new Error(signed.error.message);
  expect(signed.value).toMatchObject({ kind: HTTP_AUTH, pubkey: me, created_at: owner.time });
  expect(tagValue(signed.value, 'u')).toBe('https://city.test/api/push');
  expect(tagValue(signed.value, 'method')).toBe('PUT');
  const body = new TextEncoder().encode(JSON.stringify(put?.body));
  expect(tagValue(signed.value, 'payload')).toBe(bytesToHex(sha256(body)));
  expect(await desk.facts()).toEqual({
    isOn: true,
    permission: 'granted',
    host: 'push.test',
    toldAt: owner.time,
  });
});

test.each([
  ['denied', 'denied'],
  ['default', 'dismissed'],
] as const)('an answer of %s changes nothing', async (answer, code) => {
  const { machine, owner, desk } = made();
  machine.answer = answer;
  expect(await desk.turnOn(wantsOf('pier'))).toMatchObject({ ok: false, error: { code } });
  expect(machine.take()).toEqual([]);
  expect(owner.value).toBeUndefined();
});

test('a browser without notifications is asked nothing', async () => {
  const { machine, desk } = made();
  machine.state = 'unsupported';
  expect(await desk.turnOn([])).toMatchObject({ error: { code: 'unsupported' } });
});

test('what the browser or the city says against it comes back in their words', async () => {
  const { machine, desk, owner } = made();
  machine.browserSays = 'push service not available';
  expect(await desk.turnOn([])).toMatchObject({
    error: { code: 'browser', message: 'push service not available' },
  });
  machine.browserSays = '';
  machine.refusal = { status: 429, body: { code: 'rate-limited', message: 'slow down' } };
  expect(await desk.turnOn([])).toMatchObject({ error: { code: 'refused', message: 'slow down' } });
  expect((await desk.facts()).isOn).toBe(false);
  owner.isHere = false;
  expect(await desk.turnOn([])).toMatchObject({ error: { code: 'no-account' } });
});

test('without a network the wish counts, and the city is told later', async () => {
  const { machine, desk } = made();
  machine.isOffline = true;
  expect(await desk.turnOn(wantsOf('pier'))).toMatchObject({ error: { code: 'unreachable' } });
  expect((await desk.facts()).isOn).toBe(true);
  machine.isOffline = false;
  expect((await desk.keepUp(wantsOf('pier'))).ok).toBe(true);
  expect(machine.take()).toEqual(['GET /api/push', 'PUT /api/push']);
});

test('as long as nothing changes the city is left in peace, for a day', async () => {
  const { machine, owner, desk } = await turnedOn();
  await desk.keepUp(wantsOf('pier'));
  owner.time += 86_399;
  await desk.keepUp(wantsOf('pier'));
  expect(machine.take()).toEqual([]);
  owner.time += 1;
  await desk.keepUp(wantsOf('pier'));
  expect(machine.take()).toEqual(['GET /api/push', 'PUT /api/push']);
});

test('other wants, or another address, are told at once', async () => {
  const { machine, desk } = await turnedOn();
  await desk.keepUp(wantsOf('pier', 'tower'));
  expect(machine.take()).toEqual(['PUT /api/push']);
  await machine.subscribe(KEY);
  await desk.keepUp(wantsOf('pier', 'tower'));
  expect(machine.take()).toEqual(['PUT /api/push']);
  machine.held = undefined;
  await desk.keepUp(wantsOf('pier', 'tower'));
  expect(machine.take()).toEqual(['GET /api/push', 'PUT /api/push']);
  expect(machine.addresses).toBe(3);
});

test('a page that is closed before the city’s answer leaves nobody in the belief that nothing was told', async () => {
  const { machine, owner, desk } = await turnedOn();
  const answering = machine.request;
  machine.request = () => new Promise<never>(() => undefined);
  void desk.keepUp(wantsOf('pier', 'tower'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  machine.request = answering;
  await new PushDesk(machine, owner).keepUp(wantsOf('pier'));
  expect(machine.take()).toEqual(['PUT /api/push']);
});

test('a city with a new key gets a new address', async () => {
  const { machine, owner, desk } = await turnedOn();
  machine.key = OTHER_KEY;
  owner.time += 86_400;
  await desk.keepUp(wantsOf('pier'));
  expect(machine.held).toMatchObject({ key: OTHER_KEY, address: { endpoint: 'https://push.test/2' } });
});

test('the profile keeps its name; one that another profile has taken the address from tells the city anew', async () => {
  const { machine, owner, desk } = await turnedOn();
  const { tag } = owner;
  owner.last = 'another';
  await desk.keepUp(wantsOf('pier'));
  expect(machine.take()).toEqual(['PUT /api/push']);
  expect([owner.tag, owner.last]).toEqual([tag, tag]);
});

test('off: the city forgets the address, the browser gives it up, and nothing is told any more', async () => {
  const { machine, owner, desk } = await turnedOn();
  await desk.turnOff();
  expect(machine.take()).toEqual(['DELETE /api/push']);
  expect([machine.held, owner.tag, owner.last]).toEqual([undefined, undefined, undefined]);
  expect((await desk.facts()).isOn).toBe(false);
  await desk.keepUp(wantsOf('pier'));
  expect(machine.take()).toEqual([]);
});

test('off works without a network and without a key, too', async () => {
  const { machine, owner, desk } = await turnedOn();
  machine.isOffline = true;
  owner.isHere = false;
  await desk.turnOff();
  expect(machine.held).toBeUndefined();
  expect((await desk.facts()).isOn).toBe(false);
});

test('an address that another profile uses now is left to it', async () => {
  const { machine, owner, desk } = await turnedOn();
  owner.last = 'another';
  await desk.turnOff();
  expect(machine.held).toBeDefined();
  await desk.forget();
  expect([machine.held !== undefined, owner.last]).toEqual([true, 'another']);
});

test('a permission that was taken back is told, and changes no wish', async () => {
  const { machine, desk } = await turnedOn();
  machine.state = 'denied';
  expect(await desk.keepUp(wantsOf('pier'))).toMatchObject({ error: { code: 'denied' } });
  expect(machine.take()).toEqual([]);
  machine.state = 'granted';
  expect((await desk.facts()).isOn).toBe(true);
});

test('a test goes to this device’s address, and the push service’s no comes back', async () => {
  const { machine, desk } = await turnedOn();
  expect((await desk.test()).ok).toBe(true);
  expect(machine.asked).toMatchObject([
    { method: 'POST', path: '/api/push/test', body: { endpoint: 'https://push.test/1' } },
  ]);
  machine.refusal = { status: 502, body: { code: 'push-service', message: 'gone' } };
  expect(await desk.test()).toMatchObject({ error: { code: 'service', message: 'gone' } });
  expect(await made().desk.test()).toMatchObject({ ok: false });
});

test('many wishes at once are done one after the other', async () => {
  const { machine, desk } = made();
  await Promise.all([desk.turnOn(wantsOf('a')), desk.keepUp(wantsOf('b')), desk.turnOff()]);
  expect(machine.take()).toEqual(['GET /api/push', 'PUT /api/push', 'PUT /api/push', 'DELETE /api/push']);
  expect(machine.addresses).toBe(1);
});

test.each([null, 3, { on: 'yes' }, { on: true, tag: 'x', at: 'y', endpoint: 7 }])(
  'a memory that is damaged does not stop anybody: %j',
  async (value) => {
    const { owner, desk } = made();
    owner.value = value;
    expect((await desk.turnOn(wantsOf('pier'))).ok).toBe(true);
    expect(owner.tag).toMatch(/^[0-9a-f]{32}$/);
  },
);
