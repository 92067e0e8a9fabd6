import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Device } from './register.ts';
import type { Outcome } from './sender.ts';
import { DEFAULT_PACE, Waker } from './waker.ts';
import type { WakePace } from './waker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const device = (name: string): Device => ({
  pubkey: name,
  address: { endpoint: `https://push.example/${name}`, keys: { p256dh: '', auth: '' } },
  tag: '',
  wants: [],
  createdAt: 0,
  lastOk: 0,
  failures: 0,
});

/** A push service by hand: each wake hangs until it is answered, or is answered at once by what is prepared. */
const setUp = (changes: Partial<WakePace> = {}, prepared: readonly Outcome[] = []) => {
  const outcomes = [...prepared];
  const sent: { name: string; at: number; answer: (outcome: Outcome) => void }[] = [];
  const ends: string[] = [];
  const waker = new Waker({
    send: ({ tag: _tag, address }) =>
      new Promise((resolve) => {
        const name = address.endpoint.split('/').at(-1) ?? '';
        sent.push({ name, at: performance.now(), answer: resolve });
        const outcome = outcomes.shift() ?? (prepared.length > 0 ? { kind: 'sent' } : undefined);
        if (outcome) resolve(outcome);
      }),
    onEnd: (each, end) => ends.push(`${each.pubkey} ${end}`),
    pace: { ...DEFAULT_PACE, ...changes },
  });
  return { waker, sent, ends };
};
const SENT: Outcome = { kind: 'sent' };
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

test('a hundred events in a row are one wake now and one after the gap', async () => {
  const { waker, sent } = setUp({}, [SENT]);
  const anna = device('anna');
  for (let i = 0; i < 50; i++) waker.wake([anna]);
  await seconds(0.1);
  for (let i = 0; i < 50; i++) waker.wake([anna]);
  expect(sent).toHaveLength(1);
  await seconds(3);
  expect(sent).toHaveLength(2);
  await seconds(60);
  expect(sent).toHaveLength(2);
});

test('what comes while a wake hangs is followed by one more; never two at once', async () => {
  const { waker, sent, ends } = setUp();
  const anna = device('anna');
  waker.wake([anna]);
  await seconds(1);
  waker.wake([anna]);
  waker.wake([anna]);
  await seconds(30);
  expect(sent).toHaveLength(1);
  sent[0]?.answer(SENT);
  await seconds(2.9);
  expect([sent.length, ends]).toEqual([1, ['anna sent']]);
  await seconds(0.2);
  expect(sent).toHaveLength(2);
});

test('later is tried again, each time after a longer wait, or after the one that was asked for; then given up', async () => {
  const laters = Array.from({ length: 8 }, (): Outcome => ({ kind: 'later' }));
  const { waker, sent, ends } = setUp({}, laters);
  const anna = device('anna');
  waker.wake([anna]);
  await seconds(3600);
  expect([sent.length, ends]).toEqual([8, ['anna failed']]);
  const waits = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
  for (const [i, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(5000 * 2 ** i * 0.75 - 1);
    expect(wait).toBeLessThanOrEqual(5000 * 2 ** i * 1.25 + 1);
  }
  waker.wake([anna]);
  await seconds(1);
  expect(ends).toEqual(['anna failed', 'anna sent']);
});

test('a push service that names a time is heard', async () => {
  const { waker, sent } = setUp({}, [{ kind: 'later', waitMs: 120_000 }]);
  waker.wake([device('anna')]);
  await seconds(119);
  expect(sent).toHaveLength(1);
  await seconds(2);
  expect(sent).toHaveLength(2);
});

test.each(['refused', 'gone'] as const)('%s is not tried again', async (kind) => {
  const { waker, sent, ends } = setUp({}, [{ kind }]);
  waker.wake([device('anna')]);
  await seconds(3600);
  expect([sent.length, ends]).toEqual([1, [kind === 'gone' ? 'anna gone' : 'anna failed']]);
});

test('many devices of one event are spread out, and only so many are on their way at once', async () => {
  const { waker, sent } = setUp({ atOnce: 10 });
  waker.wake(Array.from({ length: 1000 }, (_, i) => device(`d${i}`)));
  await seconds(0.05);
  expect(sent.length).toBeLessThanOrEqual(10);
  for (let i = 0; i < 1000; i++) {
    await seconds(0.01);
    sent[i]?.answer(SENT);
  }
  await seconds(60);
  expect(new Set(sent.map(({ name }) => name)).size).toBe(1000);
  expect((sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThan(4000);
});

test('a device that is forgotten is not woken, nor is its end told', async () => {
  const { waker, sent, ends } = setUp();
  const [anna, ben] = [device('anna'), device('ben')];
  waker.wake([anna]);
  await seconds(1);
  waker.wake([ben]);
  waker.forget(ben);
  waker.forget(anna);
  sent[0]?.answer(SENT);
  await seconds(60);
  expect([sent.map(({ name }) => name), ends]).toEqual([['anna'], []]);
});

test('a stopping city wakes those who waited, waits for answers a moment, and wakes nobody after', async () => {
  const { waker, sent } = setUp();
  const [anna, ben] = [device('anna'), device('ben')];
  waker.wake([anna]);
  await seconds(0.1);
  sent[0]?.answer(SENT);
  await seconds(0.1);
  waker.wake([anna]);
  let stopped = false;
  void waker.stop().then(() => (stopped = true));
  await seconds(0.1);
  expect([sent.length, stopped]).toEqual([2, false]);
  sent[1]?.answer(SENT);
  await seconds(0.1);
  expect(stopped).toBe(true);
  waker.wake([ben]);
  await seconds(60);
  expect(sent).toHaveLength(2);
});

test('a push service that never answers does not keep a city from stopping', async () => {
  const { waker } = setUp();
  waker.wake([device('anna')]);
  await seconds(1);
  let stopped = false;
  void waker.stop().then(() => (stopped = true));
  await seconds(2.1);
  expect(stopped).toBe(true);
});
