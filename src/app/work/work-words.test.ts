import { expect, test } from 'vitest';
import type { WorkView } from '#client/mining/queue/work.ts';
import { expectedHashes } from '#protocol/proof-of-work.ts';
import { numbersOf, oddsInWords, placeWork, trayTask } from './work-words.ts';

const done: string[] = [];
const hands = {
  pause: (id: string) => void done.push(`pause ${id}`),
  resume: (id: string) => void done.push(`resume ${id}`),
  cancel: ({ id }: WorkView) => void done.push(`cancel ${id}`),
};
const work: WorkView = {
  id: 'w',
  slot: 's',
  title: 'New place: Harbour',
  event: { kind: 0, tags: [], content: '', created_at: 1, pubkey: 'ab'.repeat(32) },
  bits: 28,
  hashes: 90_000_000,
  begun: 1,
  stage: 'mining',
  state: 'mining',
  odds: 0.28,
};
const progress = {
  hashes: 90_000_000,
  rate: 9_120_000,
  odds: 0.28,
  expectedSeconds: expectedHashes(28) / 9_120_000,
};
const trouble = { code: 'worker', message: 'The work stopped.' };

test('running work tells its rate, its mean time and its odds', () => {
  expect(numbersOf({ ...work, progress })).toEqual({
    rate: '9.1 million/s',
    expected: '29 seconds',
    odds: '28%',
  });
});

test('work that stands still has no rate; its mean time is the device’s', () => {
  expect(numbersOf(work, 10_000_000)).toEqual({ rate: '–', expected: '27 seconds', odds: '28%' });
  expect(numbersOf(work).expected).toBe('–');
});

test('odds are finer where they are small, and never certain', () => {
  expect([0, 0.0003, 0.004, 0.0234, 0.371, 0.99, 0.9999, 1].map(oddsInWords)).toEqual([
    '0.00%',
    '0.03%',
    '0.40%',
    '2.3%',
    '37%',
    '99%',
    'over 99%',
    '100%',
  ]);
});

test('the tray offers what can be done, and says why something stands still', () => {
  const running = trayTask({ ...work, progress }, hands);
  expect(running).toMatchObject({ state: 'running', progressText: undefined, onresume: undefined });
  expect(running.facts?.map(({ value }) => value)).toEqual(['9.1 million/s', '29 seconds', '28%']);
  running.onpause?.();
  running.oncancel?.();
  const paused = trayTask({ ...work, state: 'paused', stage: 'paused' }, hands);
  expect(paused).toMatchObject({ state: 'paused', onpause: undefined });
  paused.onresume?.();
  const failed = trayTask({ ...work, state: 'paused', stage: 'paused', trouble }, hands);
  expect(failed).toMatchObject({ state: 'failed', progressText: 'The work stopped.' });
  failed.onretry?.();
  failed.ondismiss?.();
  expect(done.splice(0)).toEqual(['pause w', 'cancel w', 'resume w', 'resume w', 'cancel w']);
  const held = trayTask({ ...work, state: 'held' }, hands);
  expect(held).toMatchObject({ state: 'paused', onresume: undefined, onpause: undefined });
  expect(held.progressText).toMatch(/charges/);
  const waiting = trayTask({ ...work, state: 'waiting', stage: 'mined', odds: 1 }, hands);
  expect(waiting).toMatchObject({ state: 'running', facts: undefined, onpause: undefined });
  expect(waiting.progressText).toMatch(/account/);
});

test('the sheet sees the same work', () => {
  expect(placeWork({ ...work, progress }, hands)).toMatchObject({ state: 'mining', rate: '9.1 million/s' });
  expect(placeWork({ ...work, trouble }, hands)).toMatchObject({ state: 'failed', why: 'The work stopped.' });
  const sheet = placeWork(work, hands);
  for (const press of [sheet.onpause, sheet.onresume, sheet.onstop]) press();
  expect(done.splice(0)).toEqual(['pause w', 'resume w', 'cancel w']);
});
