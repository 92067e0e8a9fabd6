import { expect, test } from 'vitest';
import type { UnsignedEvent } from '#protocol/event.ts';
import { Editions } from './editions.ts';

const HOUR = 3600;
const event: UnsignedEvent = {
  kind: 0,
  tags: [],
  content: '',
  created_at: 1_800_000_000,
  pubkey: 'ab'.repeat(32),
};

/** An event begun at its own time; the test moves time and, apart from it, the clock. */
const begin = (dated = event) => {
  let now = event.created_at;
  let elapsed = 0;
  const editions = new Editions(dated, 20, {
    clock: { now: () => now },
    monotonic: () => elapsed * 1000,
    refreshAfter: 120,
  });
  return {
    editions,
    pass: (seconds: number) => {
      now += seconds;
      elapsed += seconds;
    },
    setClock: (seconds: number) => {
      now += seconds;
    },
  };
};
const dateOf = (editions: Editions) => editions.eventOf(editions.latest.edition)?.created_at;

test('follows the clock now and then, not at every look', () => {
  const { editions, pass } = begin();
  pass(119);
  expect(editions.refresh()).toBeUndefined();
  pass(2);
  expect(editions.refresh()).toMatchObject({ edition: 1 });
  expect(dateOf(editions)).toBe(event.created_at + 121);
  expect(editions.refresh()).toBeUndefined();
});

test('earlier editions are remembered: a nonce that was on its way still fits its own', () => {
  const { editions, pass } = begin();
  pass(200);
  editions.refresh();
  expect(editions.eventOf(0)).toEqual(event);
  expect(editions.eventOf(2)).toBeUndefined();
});

test('an event dated after another one is not moved back by time going on', () => {
  const { editions, pass } = begin({ ...event, created_at: event.created_at + 500 });
  pass(200);
  expect(editions.refresh()).toBeUndefined();
  pass(400);
  expect(editions.refresh()).toBeDefined();
  expect(dateOf(editions)).toBe(event.created_at + 600);
});

test('a clock set forward, or a machine that slept, is followed at once', () => {
  const { editions, setClock } = begin();
  setClock(8 * HOUR);
  expect(editions.refresh()).toBeDefined();
  expect(dateOf(editions)).toBe(event.created_at + 8 * HOUR);
});

test('a clock set back is followed too: the time before was wrong', () => {
  const { editions, setClock, pass } = begin();
  setClock(-HOUR);
  expect(editions.refresh()).toBeDefined();
  expect(dateOf(editions)).toBe(event.created_at - HOUR);
  pass(10);
  expect(editions.refresh()).toBeUndefined();
});

test('a clock that is corrected by seconds is let be', () => {
  const { editions, setClock } = begin();
  setClock(-20);
  expect(editions.refresh()).toBeUndefined();
  setClock(40);
  expect(editions.refresh()).toBeUndefined();
});

test('every edition’s bytes hold its own time', () => {
  const { editions, pass } = begin();
  pass(300);
  const newer = editions.refresh();
  expect(Buffer.from(newer?.prefix ?? []).toString()).toContain(`,${event.created_at + 300},0,`);
});
