/** The city wakes devices: who is woken and who isn't, how often, and what the wake says (nothing). */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeLeaveRequest, makePutUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { PushWant } from '#protocol/push.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { deletePush, pushKeyOf, putPush, testPush } from '../support/push-api.ts';
import {
  GAP,
  linesOf,
  quiet,
  startCityWithPush,
  subscribe as subscribeAt,
  TAG,
  woken,
} from '../support/push-city.ts';
import { startPushService } from '../support/push-service.ts';
import type { PushDevice, PushService } from '../support/push-service.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const wake = `{"v":1,"tag":"${TAG}"}`;
const lettersTo = ({ pubkey }: Person): PushWant => ({
  filter: { kinds: [kinds.GIFT_WRAP], '#p': [pubkey] },
});
const now = (): number => Math.floor(Date.now() / 1000);
const textsOf = (device: PushDevice): string[] => device.received.map(({ text }) => text);

let service: PushService;
let key: string;
beforeAll(async () => {
  service = await startPushService();
});
afterAll(() => service.close());

/** A device of somebody's that is to be woken. */
const subscribe = (city: City, person: Person, wants: readonly PushWant[], tag = TAG) =>
  subscribeAt(service, city, person, wants, tag);

let postgres: TestPostgres | undefined;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.close());

describe.each(['embedded', 'PostgreSQL'])('on the %s database', (database) => {
  let city: City;
  let client: Client;
  let [anna, ben, cleo] = [makePerson(), makePerson(), makePerson()];
  let place = '';
  let number = 0;

  beforeAll(async () => {
    if (database === 'PostgreSQL' && !postgres) return;
    const environment = database === 'PostgreSQL' && postgres ? { DATABASE_URL: postgres.url } : {};
    city = await startCityWithPush({ environment });
    key = await pushKeyOf(city);
    client = await Client.connect(city.relayUrl);
  });
  afterAll(async () => {
    client?.close();
    await city?.close();
  });

  const publish = async (...drafts: readonly ReturnType<Person['sign']>[]): Promise<void> => {
    for (const event of drafts) expect(await client.publish(event)).toEqual([true, '']);
  };

  /** A new place of Anna's in which Ben is a member. */
  beforeEach(async (story) => {
    if (!city) return story.skip('no PostgreSQL on this machine');
    [anna, ben, cleo] = [makePerson(), makePerson(), makePerson()];
    place = `cafe${++number}`;
    await publish(
      anna.sign(makePlace(place, { private: true, closed: true })),
      anna.sign(makePutUser(place, ben.pubkey, [])),
    );
  });

  test('a line wakes the member who is away; not its author, not a stranger, not who wants something else', async () => {
    const bens = await subscribe(city, ben, [linesOf(place)]);
    const annas = await subscribe(city, anna, [linesOf(place)]);
    const cleos = await subscribe(city, cleo, [linesOf(place)]);
    const others = await subscribe(city, ben, [linesOf('elsewhere'), lettersTo(ben)]);
    await publish(anna.sign(makeLine(place, 'is anybody there?')));
    await woken(bens);
    await quiet();
    expect([annas, cleos, others].map(textsOf)).toEqual([[], [], []]);
    expect(textsOf(bens)).toEqual([wake]);
  });

  test('a wake says which subscription it is for, to the push service as to the device, and nothing else', async () => {
    const device = await subscribe(city, ben, [linesOf(place)]);
    await publish(anna.sign(makeLine(place, 'a secret of some length that must not show in any way')));
    await woken(device);
    await publish(anna.sign(makeLine(place, 'x')));
    await woken(device, 2);
    for (const { headers, text, claims } of device.received) {
      expect(text).toBe(wake);
      expect([headers['ttl'], headers['urgency'], headers['topic']]).toEqual(['86400', 'high', TAG]);
      expect(headers).not.toHaveProperty('user-agent');
      expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'sub']);
    }
    expect(new Set(device.received.map(({ body }) => body.length)).size).toBe(1);
  });

  test('who left is not woken any more, nor by what comes after', async () => {
    const device = await subscribe(city, ben, [linesOf(place)]);
    await publish(ben.sign(makeLeaveRequest(place)));
    await publish(anna.sign(makeLine(place, 'now that he is gone')));
    await quiet();
    expect(device.received).toEqual([]);
    const again = { ...makePutUser(place, ben.pubkey, []), content: 'again' }; // within the same second it would be the same event
    await publish(anna.sign(again), anna.sign(makeLine(place, 'he is back')));
    await woken(device);
  });

  test('muted until a time: nothing before, everything after', async () => {
    const device = await subscribe(city, ben, [linesOf(place, { after: now() + 3 })]);
    await publish(anna.sign(makeLine(place, 'too early')));
    await quiet();
    expect(device.received).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await publish(anna.sign(makeLine(place, 'good morning')));
    await woken(device);
  });

  test('a letter wakes whom it is for; what is never stored wakes nobody', async () => {
    const bens = await subscribe(city, ben, [lettersTo(ben)]);
    const live: PushWant = { filter: { kinds: [kinds.EPHEMERAL_GIFT_WRAP], '#p': [ben.pubkey] } };
    const second = await subscribe(city, ben, [live]);
    const cleos = await subscribe(city, cleo, [lettersTo(ben)]);
    const stranger = makePerson();
    const letter = { kind: kinds.GIFT_WRAP, tags: [['p', ben.pubkey]], content: 'sealed' };
    await publish(stranger.sign({ ...letter, created_at: now() - 2 * 86_400 }));
    await publish(stranger.sign({ ...letter, kind: kinds.EPHEMERAL_GIFT_WRAP }));
    await woken(bens);
    await quiet();
    expect([bens, second, cleos].map((device) => device.received.length)).toEqual([1, 0, 0]);
  });

  test('a burst of 50 lines is few wakes, and one comes after the last line', async () => {
    const device = await subscribe(city, ben, [linesOf(place)]);
    for (let i = 0; i < 50; i++) await publish(anna.sign(makeLine(place, `line ${i}`)));
    const last = Date.now();
    await vi.waitFor(() => expect(device.received.at(-1)?.at).toBeGreaterThan(last - 1));
    await quiet();
    const times = device.received.map(({ at }) => at);
    expect(times.length).toBeLessThanOrEqual(2 + Math.ceil((last - (times[0] ?? 0)) / GAP));
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(Math.min(...gaps, GAP)).toBeGreaterThanOrEqual(GAP * 0.9);
  });

  test('lines that come while a wake is under way are followed by one more', async () => {
    const device = await subscribe(city, ben, [linesOf(place)]);
    let answer = (): void => undefined;
    device.answers.push({ status: 201, after: new Promise((resolve) => (answer = resolve)) });
    await publish(anna.sign(makeLine(place, 'one')));
    await woken(device);
    await publish(anna.sign(makeLine(place, 'two')), anna.sign(makeLine(place, 'three')));
    answer();
    await woken(device, 2);
    await quiet();
    expect(device.received).toHaveLength(2);
  });

  test('two devices of one person are both woken, each by its own name; one that is deleted is not', async () => {
    const phone = await subscribe(city, ben, [linesOf(place)], '1'.repeat(32));
    const laptop = await subscribe(city, ben, [linesOf(place)], '2'.repeat(32));
    await publish(anna.sign(makeLine(place, 'hello')));
    await Promise.all([woken(phone), woken(laptop)]);
    expect(textsOf(phone)).toEqual([`{"v":1,"tag":"${'1'.repeat(32)}"}`]);
    expect(await deletePush(city, ben, phone)).toEqual({ status: 204 });
    expect(await deletePush(city, ben, phone)).toEqual({ status: 204 });
    await publish(anna.sign(makeLine(place, 'again')));
    await woken(laptop, 2);
    await quiet();
    expect(phone.received).toHaveLength(1);
  });

  test('the same endpoint again replaces what it wants; nobody else can touch it', async () => {
    const device = await subscribe(city, ben, [linesOf('elsewhere')]);
    expect(await deletePush(city, cleo, device)).toEqual({ status: 204 });
    expect(await testPush(city, cleo, device)).toMatchObject({ status: 404, code: 'unknown' });
    expect(await putPush(city, ben, { device, tag: TAG, wants: [linesOf(place)] })).toEqual({ status: 204 });
    await publish(anna.sign(makeLine(place, 'now')));
    await woken(device);
    expect(await putPush(city, ben, { device, tag: TAG, wants: [] })).toEqual({ status: 204 });
    await publish(anna.sign(makeLine(place, 'and not now')));
    await quiet();
    expect(device.received).toHaveLength(1);
  });

  test('two profiles in one browser share an endpoint, and each is woken by its own name', async () => {
    const device = await subscribe(city, ben, [lettersTo(ben)], '1'.repeat(32));
    const other = { device, tag: '2'.repeat(32), wants: [lettersTo(cleo)] };
    expect(await putPush(city, cleo, other)).toEqual({ status: 204 });
    const letter = (to: Person) => ({ kind: kinds.GIFT_WRAP, tags: [['p', to.pubkey]], content: '' });
    await publish(anna.sign(letter(ben)), anna.sign(letter(cleo)));
    await woken(device, 2);
    expect(textsOf(device).sort()).toEqual([
      `{"v":1,"tag":"${'1'.repeat(32)}"}`,
      `{"v":1,"tag":"${'2'.repeat(32)}"}`,
    ]);
  });

  test.each([404, 410])(
    'a push service that answers %i: the device is forgotten, quietly',
    async (status) => {
      const device = await subscribe(city, ben, [linesOf(place)]);
      device.answers.push({ status });
      await publish(anna.sign(makeLine(place, 'one')));
      await vi.waitFor(() => expect(device.answers).toEqual([]));
      await quiet();
      expect(await testPush(city, ben, device)).toMatchObject({ status: 404, code: 'unknown' });
      await publish(anna.sign(makeLine(place, 'two')));
      await quiet();
      expect(device.received).toEqual([]);
      const metrics = await (await fetch(`${city.url}/metrics`)).text();
      expect(metrics).toMatch(/^city_push_subscriptions_removed_total [1-9]/m);
    },
  );

  test('a push service that is busy or broken is asked again, and given up after a while', async () => {
    const device = await subscribe(city, ben, [linesOf(place)]);
    device.answers.push({ status: 503 }, { status: 429, headers: { 'retry-after': '1' } });
    const began = Date.now();
    await publish(anna.sign(makeLine(place, 'one')));
    await woken(device);
    expect(Date.now() - began).toBeGreaterThan(1000);
    device.answers.push(...Array.from({ length: 3 }, () => ({ status: 500 })));
    await publish(anna.sign(makeLine(place, 'lost')));
    await vi.waitFor(() => expect(device.answers).toEqual([]), { timeout: 8000 });
    await quiet();
    expect(device.received).toHaveLength(1);
    await publish(anna.sign(makeLine(place, 'found')));
    await woken(device, 2);
  });

  test('a self-test comes at once and says so; its answer says what the push service said', async () => {
    const device = await subscribe(city, ben, []);
    expect(await testPush(city, ben, device)).toEqual({ status: 204 });
    expect(textsOf(device)).toEqual([`{"v":1,"tag":"${TAG}","test":true}`]);
    device.answers.push({ status: 500 });
    expect(await testPush(city, ben, device)).toMatchObject({ status: 502, code: 'push-service' });
    device.answers.push({ status: 403 });
    expect(await testPush(city, ben, device)).toMatchObject({ status: 502, code: 'push-service' });
  });

  test('a push service that answers with a way elsewhere is not followed there', async () => {
    const other = service.subscribe(key);
    const device = await subscribe(city, ben, []);
    device.answers.push({ status: 307, headers: { location: other.subscription.endpoint } });
    expect(await testPush(city, ben, device)).toMatchObject({ status: 502 });
    expect(service.requests.map(({ path }) => path)).not.toContain(
      new URL(other.subscription.endpoint).pathname,
    );
  });
});
