import { beforeAll, expect, test, vi } from 'vitest';
import { DAY } from '#shared/time.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { hasValidId, parseEvent } from '#protocol/event.ts';
import { LINE_MAX } from '#protocol/messages.ts';
import * as kinds from '#protocol/kinds.ts';
import { findTag, groupOf } from '#protocol/tags.ts';
import { buildDemoData } from '../../../launch/build-demo-data.mjs';

// Signing thousands of events takes as long as the machine takes.
vi.setConfig({ testTimeout: 120_000 });

const options = { seed: 'test', now: 1_795_000_000, lines: 3000 };
let harbour: typeof import('./harbour.ts');
let words: typeof import('./words.ts');
let events: NostrEvent[];
let lines: NostrEvent[];

beforeAll(async () => {
  buildDemoData(); // before anything imports what it makes
  harbour = await import('./harbour.ts');
  words = await import('./words.ts');
  events = [...harbour.harbourEvents(options)];
  lines = events.filter(({ kind }) => kind === kinds.NOTE);
});

test('it has exactly as many lines as asked for, all in its place, each once', () => {
  expect(lines).toHaveLength(3000);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(new Set(events.map(groupOf))).toEqual(new Set(['harbour-3000']));
});

test('they reach back more than a year, none into the future, and every month has some', () => {
  const times = lines.map(({ created_at }) => created_at);
  expect(Math.max(...times)).toBeLessThanOrEqual(options.now);
  expect(options.now - Math.max(...times)).toBeLessThan(DAY);
  expect(options.now - Math.min(...times)).toBeGreaterThan(395 * DAY);
  const months = new Set(times.map((at) => Math.floor((options.now - at) / (30 * DAY))));
  expect(months.size).toBeGreaterThanOrEqual(13);
});

test('every event is well formed, and what it answers came before it', () => {
  const seen = new Set<string>();
  for (const event of events) {
    expect(parseEvent(structuredClone(event)).ok && hasValidId(event)).toBe(true);
    const target = findTag(event, 'e')?.[1];
    if (target !== undefined) expect(seen.has(target)).toBe(true);
    seen.add(event.id);
  }
  for (const { content } of lines) expect(content.length).toBeLessThan(LINE_MAX);
});

test('there are threads, reactions and many scripts', () => {
  expect(lines.filter((line) => findTag(line, 'e')).length).toBeGreaterThan(300);
  expect(events.filter(({ kind }) => kind === kinds.REACTION).length).toBeGreaterThan(300);
  const all = lines.map(({ content }) => content).join(' ');
  for (const script of ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Han', 'Hiragana', 'Hangul', 'Devanagari'])
    expect(new RegExp(`\\p{Script=${script}}`, 'u').test(all), script).toBe(true);
});

test('nothing of the notation is left in what is said', () => {
  for (const { content } of lines) expect(content).not.toMatch(/[[\]{}|]|^[B-D] |^[A-D]>[A-D] /);
});

test('each planted word is said in one conversation only, when it was', () => {
  for (const { word, ago } of words.planted) {
    const found = lines.filter(({ content }) => content.toLowerCase().includes(word.toLowerCase()));
    expect(found.length, word).toBe(1);
    expect(Math.abs(options.now - (found[0]?.created_at ?? 0) - ago * DAY) / DAY, word).toBeLessThan(2);
  }
});

test('the same seed, end and size give the same events; taken up at a later day it gives the rest of them', () => {
  const rest = [...harbour.harbourEvents({ ...options, fromDay: 380 })].map(({ sig }) => sig);
  const whole = events.map(({ sig }) => sig);
  expect(rest.length).toBeGreaterThan(50);
  expect(whole.slice(-rest.length)).toEqual(rest);
});

test('the founding tells when it ends, and a moment lies in its day', () => {
  const [founding] = events;
  expect(founding?.kind).toBe(kinds.CREATE_GROUP);
  expect(harbour.harbourEnd(founding?.created_at ?? 0)).toBe(options.now);
  expect(harbour.harbourDay(options.now, options.now)).toBe(harbour.HARBOUR_DAYS - 1);
  expect(harbour.harbourDay(options.now, options.now - 400 * DAY)).toBe(0);
  expect(harbour.harbourDay(options.now, 0)).toBe(0);
});
