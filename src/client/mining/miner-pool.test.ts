import { getPow } from 'nostr-tools/nip13';
import { afterEach, expect, test } from 'vitest';
import { committedWork } from '#protocol/proof-of-work.ts';
import { eventId } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { BarrenSearch, FakeMiningWorker } from '../../../tests/support/fake-mining-worker.ts';
import { defaultWorkers, MinerPool } from './miner-pool.ts';
import type { MinerPoolOptions } from './miner-pool.ts';
import type { MiningProgress } from './miner.ts';
import { FleetingRates } from './rate-memory.ts';

const event: UnsignedEvent = {
  kind: 0,
  tags: [['t', 'ünïcode “quotes” \\ 🏙️']],
  content: '{"name":"Ada"}',
  created_at: 1_800_000_000,
  pubkey: 'ab'.repeat(32),
};
const pools: MinerPool[] = [];
afterEach(() => pools.splice(0).forEach((pool) => pool.dispose()));

const makePool = (options: Partial<MinerPoolOptions> & { barren?: boolean } = {}) => {
  const crew: FakeMiningWorker[] = [];
  const { barren, ...rest } = options;
  const pool = new MinerPool({
    spawn: () => {
      const worker = new FakeMiningWorker(barren ? (order) => new BarrenSearch(order) : undefined);
      crew.push(worker);
      return worker;
    },
    workers: () => 2,
    clock: { now: () => event.created_at },
    ...rest,
  });
  pools.push(pool);
  return { pool, crew };
};
const starts = (worker: FakeMiningWorker | undefined) =>
  (worker?.heard ?? []).flatMap((message) => (message.type === 'start' ? [message.order] : []));
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('mines work that NIP-13 counts, committed to in the last tag', async () => {
  const { pool } = makePool();
  const mined = await pool.mine(event, 12);
  if (!mined.ok) throw new Error(mined.error.message);
  expect(getPow(eventId(mined.value))).toBeGreaterThanOrEqual(12);
  expect(committedWork(mined.value)).toBe(12);
  expect(mined.value.tags.at(-1)?.[0]).toBe('nonce');
  expect(mined.value).toMatchObject({ kind: 0, content: event.content, created_at: event.created_at });
});

test('an event that needs no work comes back as it is, without a worker', async () => {
  const { pool, crew } = makePool();
  expect(await pool.mine(event, 0)).toEqual({ ok: true, value: event });
  expect(crew).toHaveLength(0);
});

test('workers never share a nonce', async () => {
  const { pool, crew } = makePool({ workers: () => 3 });
  await pool.mine(event, 6);
  const lanes = crew.flatMap(starts).map(({ lane }) => lane);
  expect(new Set(lanes).size).toBe(3);
});

test('beyond 40 bits nothing starts, and the years are told', async () => {
  const { pool, crew } = makePool();
  const mined = await pool.mine(event, 41);
  expect(mined).toMatchObject({ ok: false, error: { code: 'impossible' } });
  expect(mined.ok ? '' : mined.error.message).toMatch(/41 bits.*year/);
  expect(crew.flatMap(starts).filter(({ bits }) => bits === 41)).toHaveLength(0);
});

test('cancelling ends at once and stops every worker', async () => {
  const { pool, crew } = makePool({ barren: true });
  const controller = new AbortController();
  const mining = pool.mine(event, 30, { signal: controller.signal });
  await until(() => crew.length === 2);
  controller.abort();
  expect(await mining).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  for (const worker of crew) expect(worker.heard.at(-1)?.type).toBe('stop');
});

test('work that was cancelled before it began starts nothing', async () => {
  const { pool, crew } = makePool();
  const mined = await pool.mine(event, 8, { signal: AbortSignal.abort() });
  expect(mined).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(crew).toHaveLength(0);
});

test('progress tells hashes, rate, odds and the mean time', async () => {
  const { pool } = makePool({ barren: true });
  const controller = new AbortController();
  const seen: MiningProgress[] = [];
  const mining = pool.mine(event, 30, {
    signal: controller.signal,
    onProgress: (progress) => {
      seen.push(progress);
      if (seen.length === 2) controller.abort();
    },
  });
  await mining;
  const [first, second] = seen;
  expect(second?.hashes).toBeGreaterThan(first?.hashes ?? Infinity);
  expect(second?.odds).toBeGreaterThan(0);
  expect(second?.expectedSeconds).toBeCloseTo(2 ** 30 / (second?.rate ?? 0), 5);
});

test('the share of a worker that dies goes on in a new one, from where it stood', async () => {
  const { pool, crew } = makePool({ barren: true });
  const controller = new AbortController();
  const mining = pool.mine(event, 30, { signal: controller.signal });
  await until(() => crew.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const [orphan] = starts(crew[0]);
  crew[0]?.die();
  expect(crew).toHaveLength(3);
  const [inherited] = starts(crew[2]);
  expect(inherited?.lane).toBe(orphan?.lane);
  expect(inherited?.position).toBeGreaterThan(orphan?.position ?? Infinity);
  controller.abort();
  await mining;
});

test('when too many die, whoever is left carries on; when nobody is left, it fails', async () => {
  const { pool, crew } = makePool({ barren: true });
  const mining = pool.mine(event, 30);
  await until(() => crew.length === 2);
  for (let i = 0; i < 3; i++) crew.findLast((worker) => !worker.ended)?.die();
  expect(crew).toHaveLength(5);
  crew.findLast((worker) => !worker.ended)?.die();
  expect(crew).toHaveLength(5);
  expect(starts(crew[0])).toHaveLength(2);
  crew[0]?.die();
  expect(await mining).toMatchObject({ ok: false, error: { code: 'worker' } });
});

test('a browser without workers is a failure, not a crash', async () => {
  const { pool } = makePool({
    spawn: () => {
      throw new Error('no workers here');
    },
  });
  expect(await pool.mine(event, 8)).toMatchObject({ ok: false, error: { code: 'worker' } });
  expect(await pool.calibrate()).toBeGreaterThan(0);
});

test('a kernel that lies is found out', async () => {
  const { pool } = makePool({
    spawn: () =>
      new FakeMiningWorker(() => ({
        position: 0,
        run: () => ({ hashes: 4, nonce: 'believe me' }),
        renew: () => undefined,
      })),
  });
  expect(await pool.mine(event, 30)).toMatchObject({ ok: false, error: { code: 'worker' } });
});

test('long work moves created_at to the present in every worker', async () => {
  let now = event.created_at;
  const { pool, crew } = makePool({ clock: { now: () => now }, refreshAfter: 1000, barren: true });
  const controller = new AbortController();
  const mining = pool.mine(event, 30, { signal: controller.signal });
  await until(() => crew.length === 2);
  now += 3600;
  const renewals = (worker: FakeMiningWorker) => worker.heard.filter(({ type }) => type === 'renew');
  await until(() => crew.every((worker) => renewals(worker).length === 1));
  controller.abort();
  await mining;
});

test('refreshed work is right work', async () => {
  let now = event.created_at;
  const { pool } = makePool({ clock: { now: () => (now += 60) } });
  const mined = await pool.mine(event, 14);
  if (!mined.ok) throw new Error(mined.error.message);
  expect(getPow(eventId(mined.value))).toBeGreaterThanOrEqual(14);
  expect(mined.value.created_at).toBeGreaterThanOrEqual(event.created_at);
});

test('the kernel is loaded once, and every worker gets it before its first order', async () => {
  let loads = 0;
  const kernel = async () => {
    loads++;
    return { name: 'script' as const };
  };
  const { pool, crew } = makePool({ kernel });
  await Promise.all([pool.mine(event, 6), pool.mine({ ...event, content: 'other' }, 6)]);
  await pool.mine(event, 6);
  expect(loads).toBe(1);
  for (const worker of crew) expect(worker.heard[0]).toEqual({ type: 'equip', kernel: { name: 'script' } });
});

test('cancelling while the kernel loads starts nothing', async () => {
  const controller = new AbortController();
  const { pool, crew } = makePool({
    kernel: async () => {
      controller.abort();
      return { name: 'script' };
    },
  });
  const mined = await pool.mine(event, 8, { signal: controller.signal });
  expect(mined).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(crew).toHaveLength(0);
});

test('what was done before a pause counts into hashes and odds', async () => {
  const { pool } = makePool({ barren: true });
  const controller = new AbortController();
  const mining = pool.mine(event, 30, {
    already: 2 ** 30,
    signal: controller.signal,
    onProgress: ({ hashes, odds }) => {
      expect(hashes).toBeGreaterThan(2 ** 30);
      expect(odds).toBeGreaterThan(0.6);
      controller.abort();
    },
  });
  expect(await mining).toMatchObject({ ok: false, error: { code: 'cancelled' } });
});

test('two pieces of work share the crew', async () => {
  const { pool, crew } = makePool();
  const both = await Promise.all([pool.mine(event, 10), pool.mine({ ...event, content: 'other' }, 10)]);
  expect(both.every((mined) => mined.ok)).toBe(true);
  expect(crew).toHaveLength(2);
});

test('an idle crew is let go and hired again', async () => {
  const { pool, crew } = makePool({ idleMs: 5 });
  await pool.mine(event, 4);
  await until(() => crew.every((worker) => worker.ended));
  await pool.mine(event, 4);
  expect(crew).toHaveLength(4);
});

test('the crew follows the setting', async () => {
  let wanted = 3;
  const { pool, crew } = makePool({ workers: () => wanted });
  await pool.mine(event, 4);
  wanted = 1;
  await pool.mine(event, 4);
  expect(crew.filter((worker) => !worker.ended)).toHaveLength(1);
});

test('calibration measures once and remembers, for each number of workers', async () => {
  const rates = new FleetingRates();
  let workers = 2;
  const { pool, crew } = makePool({ rates, workers: () => workers });
  const rate = await pool.calibrate();
  expect(rate).toBeGreaterThan(1000);
  const heard = crew.flatMap((worker) => worker.heard).length;
  expect(await pool.calibrate()).toBe(rate);
  expect(crew.flatMap((worker) => worker.heard)).toHaveLength(heard);
  expect(await makePool({ rates }).pool.calibrate()).toBe(rate);
  workers = 1;
  await pool.calibrate();
  expect(rates.read(1)).toBeGreaterThan(1000);
});

test('two who ask at once wait for one measurement', async () => {
  const { pool, crew } = makePool();
  const [one, other] = await Promise.all([pool.calibrate(), pool.calibrate()]);
  expect(one).toBe(other);
  expect(crew.flatMap(starts)).toHaveLength(2);
});

test('half the cores, at least one', () => {
  expect(defaultWorkers()).toBeGreaterThanOrEqual(1);
});
