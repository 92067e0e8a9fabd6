import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { DEFAULT_RATES, EventPace, RateLimiter } from './rates.ts';

test('a burst at once, then so many a second, each name by itself', () => {
  let now = 0;
  const limiter = new RateLimiter({ perSecond: 2, burst: 3 }, () => now);
  const take = (name: string) => limiter.take(name);
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false]);
  expect(take('b')).toBe(true);
  now = 500;
  expect([take('a'), take('a')]).toEqual([true, false]);
  now = 1_000_000;
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false]);
});

test('several at once, or none', () => {
  const limiter = new RateLimiter({ perSecond: 1, burst: 5 }, () => 0);
  expect([limiter.take('a', 4), limiter.take('a', 2), limiter.take('a')]).toEqual([true, false, true]);
});

test('a clock that goes back takes nothing away', () => {
  let now = 1000;
  const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, () => now);
  expect(limiter.take('a')).toBe(true);
  now = 0;
  expect(limiter.take('a')).toBe(false);
});

test('among very many names each keeps its own measure', () => {
  let now = 0;
  const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, () => now);
  let passed = 0;
  for (let i = 0; i < 120_000; i++) passed += Number(limiter.take(`name ${i}`));
  expect(passed).toBe(120_000);
  expect(limiter.take('name 0')).toBe(false);
  now = 1000;
  expect(limiter.take('name 0')).toBe(true);
});

const line = (pubkey: string, more: Partial<NostrEvent> = {}): NostrEvent => ({
  ...{ id: '', sig: '', content: '', created_at: 0, kind: kinds.NOTE, pubkey, tags: [['h', 'square']] },
  ...more,
});

/** A pace and its time, and how many of so many events at once it lets through. */
const pacing = () => {
  const time = { now: 0 };
  const pace = new EventPace(DEFAULT_RATES, () => time.now);
  const passing = (count: number, event: NostrEvent, address: string): number => {
    let passed = 0;
    for (let i = 0; i < count; i++)
      if (pace.takeUnproven(event, address) && pace.takeProven(event, address)) passed += 1;
    return passed;
  };
  return { time, pace, passing };
};

test('a thousand lines for a place pass at once; a flood ends at both buckets, and then comes slowly', () => {
  const { time, passing } = pacing();
  expect(passing(1000, line('anna'), '1.1.1.1')).toBe(1000);
  expect(passing(4000, line('anna'), '1.1.1.1')).toBe(620);
  time.now = 10_000;
  expect(passing(1000, line('anna'), '1.1.1.1')).toBe(105);
});

test('what is not for a place, or not kept, has no backlog', () => {
  const { passing } = pacing();
  expect(passing(1000, line('anna', { tags: [] }), '1.1.1.1')).toBe(120);
  expect(passing(1000, line('ben', { kind: kinds.PLACE_CHAT }), '1.1.1.1')).toBe(120);
});

test('a key is one key from wherever it comes', () => {
  const { passing } = pacing();
  expect(passing(5000, line('anna'), '1.1.1.1')).toBe(1620);
  expect(passing(5000, line('anna'), '2.2.2.2')).toBe(0);
});

test('many keys behind one address share its backlog; others keep theirs, and their ordinary pace', () => {
  const { passing } = pacing();
  let passed = 0;
  for (let i = 0; i < 10; i++) passed += passing(2000, line(`key ${i}`), '1.1.1.1');
  expect(passed).toBe(10 * 120 + 5000);
  expect(passing(2000, line('neighbour'), '1.1.1.1')).toBe(120);
  expect(passing(2000, line('anna'), '2.2.2.2')).toBe(1620);
});

test('forgeries use up neither a key’s backlog nor that of their own address’s other people', () => {
  const { pace, passing } = pacing();
  for (let i = 0; i < 5000; i++) pace.takeUnproven(line('anna'), '6.6.6.6');
  expect(pace.takeUnproven(line('anna'), '6.6.6.6')).toBe(false);
  expect(passing(1000, line('anna'), '1.1.1.1')).toBe(1000);
  expect(passing(1000, line('ben'), '6.6.6.6')).toBe(1000);
});

test('who has been refused is let on after a breath only, not one here and one there', () => {
  let now = 0;
  const limiter = new RateLimiter({ perSecond: 10, burst: 20 }, () => now, 5);
  const taken = (many: number) =>
    Array.from({ length: many }, () => limiter.take('a')).filter(Boolean).length;
  expect(taken(25)).toBe(20);
  now = 400;
  expect(taken(10)).toBe(0);
  now = 520;
  expect(taken(10)).toBe(5);
  now = 620;
  expect(taken(1)).toBe(0);
});
