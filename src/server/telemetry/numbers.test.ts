import { afterEach, expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { CityNumbers } from './numbers.ts';

let numbers: CityNumbers | undefined;
const open = (): CityNumbers => (numbers = new CityNumbers('1.2.3'));
afterEach(() => numbers?.close());

const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

test('events are counted by kind and by what they were answered', async () => {
  const city = open();
  const now = performance.now();
  city.event(kinds.NOTE, true, '', now);
  city.event(kinds.NOTE, true, '', now);
  city.event(kinds.NOTE, true, 'duplicate: already here', now);
  city.event(kinds.CREATE_GROUP, false, 'pow: 28 bits needed', now);
  city.event(kinds.NOTE, false, 'error: the city could not store this', now);
  city.event(kinds.NOTE, false, 'rate-limited: slow', now);
  const text = await city.text([]);
  const count = (kind: number, answer: string) =>
    valueOf(text, `city_events_total{kind="${kind}",answer="${answer}"}`);
  expect(count(kinds.NOTE, 'accepted')).toBe(2);
  expect(count(kinds.NOTE, 'duplicate')).toBe(1);
  expect(count(kinds.CREATE_GROUP, 'pow')).toBe(1);
  expect(count(kinds.NOTE, 'error')).toBe(1);
  expect(count(kinds.NOTE, 'rate-limited')).toBe(1);
  expect(valueOf(text, 'city_event_answer_seconds_count')).toBe(6);
});

test('strangers’ kinds and words make no series of their own', async () => {
  const city = open();
  for (let kind = 2000; kind < 7000; kind++) city.event(kind, kind % 2 === 0, `odd-${kind}: words`, 0);
  const series = (await city.text([])).split('\n').filter((line) => line.startsWith('city_events_total{'));
  expect(series.length).toBeLessThanOrEqual(2);
  expect(series.every((line) => line.includes('kind="other"'))).toBe(true);
  expect(series.join()).not.toContain('words');
});

test('questions, commits, the process, what runs, and what others count', async () => {
  const city = open();
  city.question(performance.now() - 30);
  city.commit(20, performance.now() - 3);
  const others = [{ name: 'places', help: 'Places.', type: 'gauge', value: 7 }] as const;
  const text = await city.text(others);
  expect(valueOf(text, 'city_question_answer_seconds_bucket{le="0.025"}')).toBe(0);
  expect(valueOf(text, 'city_question_answer_seconds_bucket{le="1"}')).toBe(1);
  expect(valueOf(text, 'city_commit_events_bucket{le="16"}')).toBe(0);
  expect(valueOf(text, 'city_commit_events_bucket{le="32"}')).toBe(1);
  expect(valueOf(text, 'city_commit_seconds_count')).toBe(1);
  expect(valueOf(text, 'city_memory_resident_bytes')).toBeGreaterThan(1e7);
  expect(valueOf(text, 'city_event_loop_delay_p99_seconds')).toBeGreaterThanOrEqual(0);
  expect(valueOf(text, 'city_places')).toBe(7);
  expect(text).toContain(`city_build_info{version="1.2.3",node="${process.versions.node}"} 1`);
});

test('every line is one that Prometheus reads', async () => {
  const city = open();
  city.event(kinds.NOTE, true, '', performance.now());
  for (const line of (await city.text([])).split('\n').filter((each) => each !== ''))
    expect(line).toMatch(
      /^(# (HELP|TYPE) city_\w+ .+|city_\w+(\{(\w+="[^"\n]*",?)+\})? -?[\d.e+-]+|city_\w+ Nan)$/,
    );
});

test('counting costs an event less than 5 µs', () => {
  const city = open();
  const count = (times: number): number => {
    const begun = performance.now();
    for (let i = 0; i < times; i++) city.event(i % 3 === 0 ? kinds.NOTE : kinds.REACTION, true, '', begun);
    return ((performance.now() - begun) * 1000) / times;
  };
  count(20_000);
  const best = Math.min(...Array.from({ length: 7 }, () => count(4000)));
  expect(best).toBeLessThan(5);
});
