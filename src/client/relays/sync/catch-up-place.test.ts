import { expect, test } from 'vitest';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { matchesAny } from '#protocol/filters.ts';
import { inboxFilter, inboxOf } from '#protocol/direct/inboxes.ts';
import type { Filter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import {
  answerReconciliation,
  continueReconciliation,
  openReconciliation,
} from '#protocol/negentropy/reconcile.ts';
import { fail, ok } from '#shared/result.ts';
import { DAY } from '#shared/time.ts';
import type { ReconcileAnswer } from '../reconciliations.ts';
import { catchUpPlace } from './catch-up-place.ts';
import { parseRemembered } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { SyncPorts } from './ports.ts';

const NOW = 1_800_000_000;
const PLACE = { relay: 'wss://a.test', place: 'plaza' };
const line = (n: number, at: number, tags: string[][] = [['h', 'plaza']], kind = kinds.NOTE): NostrEvent =>
  fakeEvent({ kind, content: `line ${n}`, created_at: at, tags, pubkey: fakeKey('a1') });
const lines = (count: number, newest = NOW - 10, apart = 60) =>
  Array.from({ length: count }, (_, n) => line(n, newest - n * apart));

const wholeOf = (place: string): Filter => inboxFilter(place) ?? { '#h': [place] };

/** A relay with what it stores, and a device with what it has; both speak through the ports. */
class World implements SyncPorts {
  relay: NostrEvent[];
  device: NostrEvent[];
  /** What the relay gives at once. */
  most = 500;
  negentropy = true;
  now = NOW;
  readonly asked: Filter[] = [];
  readonly compared: { readonly filter: Filter; readonly size: number }[] = [];
  /** Ids that it names and never gives. */
  readonly withheld = new Set<string>();
  readonly clock = { now: () => this.now };

  constructor(relay: readonly NostrEvent[], device: readonly NostrEvent[] = []) {
    this.relay = [...relay];
    this.device = [...device];
  }

  held: SyncPorts['held'] = (place, { kinds: wanted, since }) =>
    Promise.resolve(
      this.device
        .filter((event) => matchesAny([{ ...wholeOf(place), kinds: wanted, since }], event))
        .map(({ id, created_at: at }) => ({ id, at })),
    );

  fetch: SyncPorts['fetch'] = (_relay, filter) => {
    this.asked.push(filter);
    const found = this.relay
      .filter((event) => !this.withheld.has(event.id) && matchesAny([filter], event))
      .sort((a, b) => b.created_at - a.created_at)
      .slice(0, Math.min(filter.limit ?? this.most, this.most));
    for (const event of found) if (!this.device.includes(event)) this.device.push(event);
    const oldest = found.at(-1)?.created_at;
    const { length: received } = found;
    return Promise.resolve(ok(oldest === undefined ? { received } : { received, oldest }));
  };

  reconcile: SyncPorts['reconcile'] = (_relay, filter, items): Promise<ReconcileAnswer> => {
    if (!this.negentropy) return Promise.resolve(fail('unsupported', 'never heard of it'));
    this.compared.push({ filter, size: items.size });
    const there = new ItemSet(
      this.relay.filter((one) => matchesAny([filter], one)).map(({ id, created_at: at }) => ({ id, at })),
    );
    const have: string[] = [];
    const need: string[] = [];
    let next: Uint8Array | undefined = openReconciliation(items);
    while (next) {
      const answer = answerReconciliation(there, next, 60_000);
      const step = answer.ok && continueReconciliation(items, answer.value, 60_000);
      if (!step || !step.ok) throw new Error('no step');
      have.push(...step.value.have);
      need.push(...step.value.need);
      next = step.value.next;
    }
    return Promise.resolve(ok({ have, need, isWhole: true }));
  };

  get missing(): number {
    return this.relay.filter((event) => !this.device.includes(event)).length;
  }

  async run(before?: Cursor, place = PLACE): Promise<Cursor> {
    const answer = await catchUpPlace(this, place, before);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  }
}

test('a place that nothing is here of: the newest page, whole from its oldest line on', async () => {
  const all = lines(800);
  const world = new World(all);
  const cursor = await world.run();
  expect(world.device).toHaveLength(501);
  expect(cursor).toEqual({ floor: all[499]?.created_at, upTo: NOW, lost: [] });
});

test('a place that is small is whole from its beginning: what comes late is found', async () => {
  const world = new World(lines(7));
  const cursor = await world.run();
  expect(cursor.floor).toBe(0);
  const late = line(99, NOW - 7 * DAY);
  world.relay.push(late);
  world.now += DAY;
  expect(await world.run(cursor)).toEqual({ floor: 0, upTo: NOW + DAY, lost: [] });
  expect(world.device).toContain(late);
});

test('a place that is whole costs one comparison, and no question', async () => {
  const all = lines(300);
  const world = new World(all, all);
  await world.run({ floor: 0, upTo: NOW - 60, lost: [] });
  expect(world.asked).toEqual([]);
  expect(world.compared).toEqual([
    { filter: expect.objectContaining({ '#h': ['plaza'], since: NOW - 30 * DAY }) as Filter, size: 300 },
  ]);
});

test('what a device had before it knew of this: gaps among it are found', async () => {
  const all = lines(400);
  const world = new World(all, [...all.slice(0, 30), ...all.slice(200, 210)]);
  const cursor = await world.run();
  expect(cursor.floor).toBe(all[209]?.created_at);
  expect(world.device.filter(({ created_at }) => created_at >= cursor.floor)).toHaveLength(210);
});

test('away for a year: everything since is fetched, by ids, in questions a relay takes', async () => {
  const old = lines(20, NOW - 365 * DAY);
  const world = new World([...lines(3000, NOW - 10, 8000), ...old], old);
  const cursor = await world.run({ floor: 0, upTo: NOW - 365 * DAY, lost: [] });
  expect(world.missing).toBe(0);
  expect(cursor.upTo).toBe(NOW);
  expect(Math.max(...world.asked.map(({ ids = [] }) => ids.length))).toBeLessThanOrEqual(250);
});

test('what the relay has no more is kept, asked after once, and a deletion that names no place is found', async () => {
  const all = lines(40);
  const world = new World(all, all);
  const [deleted, vanished] = [all[3], all[4]];
  const deletion = line(0, NOW, [['e', deleted?.id ?? '']], kinds.DELETION);
  world.relay = [...all.filter((one) => one !== deleted && one !== vanished), deletion];
  const cursor = await world.run({ floor: 0, upTo: NOW - 60, lost: [] });
  expect(world.device).toContain(deletion);
  expect(world.device).toContain(vanished);
  expect([...cursor.lost].sort()).toEqual([deleted?.id, vanished?.id].sort());
  world.asked.length = 0;
  expect((await world.run(cursor)).lost).toHaveLength(2);
  expect(world.asked).toEqual([]);
  // It has one of them again.
  if (vanished) world.relay.push(vanished);
  expect((await world.run(cursor)).lost).toEqual([deleted?.id]);
});

test('a relay that names ids and gives none is left after a few questions', async () => {
  const all = lines(5000, NOW - 10, 5);
  const world = new World(all, all.slice(0, 20));
  all.forEach(({ id }) => world.withheld.add(id));
  await world.run({ floor: 0, upTo: NOW - DAY, lost: [] });
  expect(world.asked).toHaveLength(3);
});

test.each([500, 100, 7])('without NIP-77, page by page, a relay that gives %d at once', async (most) => {
  const all = lines(1203, NOW - 10, 30);
  const world = new World(all, all.slice(1200));
  world.negentropy = false;
  world.most = most;
  const cursor = await world.run({ floor: 0, upTo: NOW - DAY, lost: [] });
  expect(world.missing).toBe(0);
  expect(cursor).toEqual({ floor: 0, upTo: NOW, lost: [] });
});

test('without NIP-77, what a relay takes late is looked for where it would stand', async () => {
  const all = lines(5);
  const late = line(9, NOW - 7 * DAY);
  const world = new World([...all, late], all);
  world.negentropy = false;
  await world.run({ floor: 0, upTo: NOW - 60, lost: [] });
  expect(world.device).toContain(late);
  expect(world.asked[0]?.since).toBe(NOW - 60 - 8 * DAY);
});

test('a relay that has always one more line is left, and the cursor says from where on it is whole', async () => {
  const world = new World([]);
  world.negentropy = false;
  let next = NOW;
  world.fetch = () => Promise.resolve(ok({ received: 1, oldest: --next }));
  const cursor = await world.run({ floor: 5, upTo: NOW - DAY, lost: [] });
  expect(cursor.floor).toBeGreaterThan(NOW - 1000);
});

test('where the relay cannot be reached or refuses, the cursor is not moved', async () => {
  for (const code of ['unreachable', 'refused'] as const) {
    const world = new World(lines(5));
    world.fetch = () => Promise.resolve(fail(code, 'no'));
    const before = { floor: 0, upTo: NOW - 60, lost: [] };
    expect(await catchUpPlace(world, PLACE, undefined)).toMatchObject({ ok: false, error: { code } });
    expect(await catchUpPlace(world, PLACE, before)).toMatchObject({ ok: false, error: { code } });
    world.reconcile = () => Promise.resolve(fail(code, 'no'));
    expect(await catchUpPlace(world, PLACE, before)).toMatchObject({ ok: false, error: { code } });
  }
});

test('one that was broken off is gone on with from what is here by then', async () => {
  const all = lines(900);
  const world = new World(all, []);
  const whole = world.reconcile;
  world.reconcile = async (...asked) => {
    const answer = await whole(...asked);
    if (!answer.ok) return answer;
    const { have, need } = answer.value;
    return ok({ have, need: need.slice(0, 300), isWhole: need.length <= 300 });
  };
  const cursor = await world.run({ floor: 0, upTo: NOW - DAY, lost: [] });
  expect(world.missing).toBe(0);
  expect(cursor.upTo).toBe(NOW);
  // One that names the same for ever is given up, and asked again another time.
  world.reconcile = () => Promise.resolve(ok({ have: [], need: ['ab'.repeat(32)], isWhole: false }));
  expect((await world.run({ ...cursor, upTo: 7 })).upTo).toBe(7);
});

test('what was remembered is read tolerantly', () => {
  const id = 'ab'.repeat(32);
  expect([...parseRemembered(undefined).cursors]).toEqual([]);
  const { cursors, me } = parseRemembered({
    me: id,
    cursors: {
      good: { floor: 1, upTo: 2, lost: [id, 'x', 7] },
      bad: { floor: -1, upTo: 2, lost: [] },
      worse: 'all',
    },
  });
  expect([me, [...cursors]]).toEqual([id, [['good', { floor: 1, upTo: 2, lost: [id] }]]]);
  expect(parseRemembered({ me: 'Anna', cursors: [] }).me).toBeUndefined();
});

test.each([true, false])('an inbox is whole from its beginning, reconciling: %s', async (negentropy) => {
  const me = fakeKey('c3');
  const inbox = { ...PLACE, place: inboxOf(me) };
  const letters = Array.from({ length: 1700 }, (_, n) =>
    line(n, NOW - n * 7200, [['p', me]], kinds.GIFT_WRAP),
  );
  const world = new World([...letters, line(1, NOW, [['p', fakeKey('d4')]], kinds.GIFT_WRAP)]);
  world.negentropy = negentropy;
  const cursor = await world.run(undefined, inbox);
  expect(world.device).toHaveLength(1700);
  expect(cursor).toEqual({ floor: 0, upTo: NOW, lost: [] });
  // Dated two days back by whoever sealed it, and sent three days later.
  const late = line(5000, NOW - 2 * DAY, [['p', me]], kinds.GIFT_WRAP);
  world.relay.push(late);
  world.now += 3 * DAY;
  await world.run(cursor, inbox);
  expect(world.device).toContain(late);
});
