/** The operator's door: fast and without ceremonies, but nothing false comes in. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { seedDemo } from '#server/demo-door.ts';
import { demoEvents } from '#server/demo/demo-events.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 120_000 });

let city: City;
let client: Client;
beforeAll(async () => {
  city = await startTestCity();
  client = await Client.connect(city.relayUrl);
});
afterAll(async () => {
  client.close();
  await city.close();
});

const [anna, ben] = [makePerson(), makePerson()];
const LONG_AGO = 1_500_000_000;
/** Founding without work, years ago: what a stranger could not send. */
const founding = (id: string): NostrEvent =>
  anna.sign({ ...makePlace(id), tags: [...makePlace(id).tags, ['nonce', '0', '0']], created_at: LONG_AGO });

test('events of years ago, without work, are taken; their place is announced once', async () => {
  const live = await client.follow({ '#d': ['old'], kinds: [kinds.GROUP_METADATA, kinds.GROUP_MEMBERS] });
  const line = ben.sign({ ...makeLine('old', 'hello from then'), created_at: LONG_AGO + 20 });
  const events = [
    founding('old'),
    anna.sign({ ...groups.makePutUser('old', ben.pubkey), created_at: LONG_AGO + 10 }),
    line,
  ];
  expect(await city.importEvents(events)).toEqual({ taken: 3, refused: 0, reasons: [] });
  expect(await client.find({ ids: [line.id] })).toEqual([line]);
  const [members] = await client.find({ kinds: [kinds.GROUP_MEMBERS], '#d': ['old'] });
  expect(members?.tags).toContainEqual(['p', ben.pubkey]);
  await client.settled();
  expect(live.events.map((event) => event.kind).sort()).toEqual([kinds.GROUP_METADATA, kinds.GROUP_MEMBERS]);
});

test('what is false, forged, against the rules or not to be stored stays out, and is counted with a reason', async () => {
  const good = anna.sign(makeLine('old', 'fine'));
  const bad = [
    { ...good, sig: '0'.repeat(128) },
    { ...good, content: 'changed' },
    ben.sign(groups.makeRemoveUser('old', anna.pubkey)),
    ben.sign(makeLine('nowhere', 'x')),
    anna.sign({ kind: 20100, tags: [], content: '' }),
    anna.sign({ kind: kinds.GROUP_METADATA, tags: [['d', 'old']], content: '' }),
    anna.sign({ kind: 1, tags: [['expiration', '5']], content: '' }),
    anna.sign({ kind: 1, tags: [], content: '\u0000' }),
  ];
  const report = await city.importEvents([...bad, good]);
  expect(report).toMatchObject({ taken: 1, refused: bad.length });
  expect(report.reasons).toHaveLength(5);
  expect(await client.find({ ids: [good.id] })).toEqual([good]);
  expect(await client.count({ ids: bad.map((event) => event.id), kinds: [1, 9001] })).toBe(1); // the good one's id
});

test('a second import of the same changes nothing', async () => {
  const events = [founding('twice'), anna.sign({ ...makeLine('twice', 'x'), created_at: LONG_AGO + 1 })];
  await city.importEvents(events);
  const count = await client.count({ '#h': ['twice'] });
  await city.importEvents(events);
  expect(await client.count({ '#h': ['twice'] })).toBe(count);
});

test('joins in an import are answered at their own time', async () => {
  const request = ben.sign({ ...groups.makeJoinRequest('then'), created_at: LONG_AGO + 5 });
  await city.importEvents([founding('then'), request]);
  const [welcome] = await client.find({ kinds: [kinds.PUT_USER], '#h': ['then'] });
  expect(welcome).toMatchObject({ pubkey: city.pubkey, created_at: LONG_AGO + 5 });
});

test('people go on talking while an import runs', async () => {
  const many = Array.from({ length: 600 }, (_, i) =>
    anna.sign({ ...makeLine('old', `bulk ${i}`), created_at: LONG_AGO + 100 + i }),
  );
  const importing = city.importEvents(many);
  const line = ben.sign(makeLine('old', 'meanwhile'));
  expect(await client.publish(line)).toEqual([true, '']);
  expect(await importing).toMatchObject({ taken: 600, refused: 0 });
});

/** The city with its import door shut. */
const closed = (): City => ({ ...city, importEvents: () => Promise.reject(new Error('nothing is missing')) });

test('the demo’s people move in without a single refusal, once', async () => {
  const report = await city.importEvents(
    demoEvents({ seed: 'test', now: Math.floor(Date.now() / 1000), groups: 12 }),
  );
  expect(report).toMatchObject({ refused: 0, reasons: [] });
  const places = await client.find({ kinds: [kinds.GROUP_METADATA] });
  expect(places.length).toBeGreaterThanOrEqual(12);
  await seedDemo(closed(), { people: true, lines: 0 });
});

test('the old harbour is filled from where it was left, and once', async () => {
  const lines = { kinds: [kinds.NOTE], '#h': ['harbour-800'] };
  const stopped: City['importEvents'] = (events) =>
    city.importEvents([...(events as Iterable<NostrEvent>)].slice(0, 400));
  await seedDemo({ ...city, importEvents: stopped }, { people: true, lines: 800 });
  const before = await city.count(lines);
  expect(before).toBeGreaterThan(100);
  expect(before).toBeLessThan(400);
  let told = 0;
  await seedDemo(
    {
      ...city,
      importEvents: async (events, options) => {
        const report = await city.importEvents(events, options);
        told = report.taken;
        expect(report.refused).toBe(0);
        return report;
      },
    },
    { people: true, lines: 800 },
  );
  expect(await city.count(lines)).toBe(800);
  expect(told).toBeLessThan(800);
  await seedDemo(closed(), { people: true, lines: 800 });
  const [newest] = await city.find({ ...lines, limit: 1 });
  expect(Date.now() / 1000 - (newest?.created_at ?? 0)).toBeLessThan(48 * 3600);
});
