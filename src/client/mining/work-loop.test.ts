import { expect, test } from 'vitest';
import { BarrenSearch } from '../../../tests/support/fake-mining-worker.ts';
import type { Batch, NonceSearch } from './grid/grid-search.ts';
import { soonByMessage, WorkLoop } from './work-loop.ts';
import type { FromMiningWorker, ShareOrder } from './worker-messages.ts';

const bytes = { prefix: new Uint8Array(1), suffix: new Uint8Array(1) };
const order = (share: number): ShareOrder => ({
  share,
  bits: 8,
  lane: 1,
  position: 0,
  edition: 0,
  ...bytes,
});

/** A loop whose turns the test takes by hand, with searches that cost `hashMs` a hash. */
const makeLoop = (makeSearch: () => NonceSearch = () => new BarrenSearch(), hashMs = 0.01) => {
  const said: FromMiningWorker[] = [];
  const turns: (() => void)[] = [];
  const renewed: unknown[] = [];
  const wanted: number[] = [];
  let now = 0;
  const loop = new WorkLoop({
    makeSearch: () => {
      const search = makeSearch();
      return {
        get position() {
          return search.position;
        },
        run: (most) => {
          wanted.push(most);
          now += most * hashMs;
          return search.run(most);
        },
        renew: (parts) => void renewed.push(parts),
      };
    },
    post: (message) => said.push(message),
    soon: (go) => turns.push(go),
    clock: () => now,
  });
  const turn = (times = 1) => {
    for (let i = 0; i < times; i++) turns.shift()?.();
  };
  return { loop, said, turns, turn, renewed, wanted };
};
const tries = (said: readonly FromMiningWorker[]) => said.filter((message) => message.type === 'tried');
const finding = (batch: Batch) => (): NonceSearch => ({
  position: 12,
  run: () => batch,
  renew: () => undefined,
});

test('batches settle between 25 and 60 ms, on fast machines and slow ones', () => {
  for (const hashMs of [0.0001, 0.001, 0.01, 0.2]) {
    const { loop, said, turn } = makeLoop(undefined, hashMs);
    loop.hear({ type: 'start', order: order(1) });
    turn(20);
    const last = tries(said).at(-1);
    expect(last?.ms).toBeGreaterThanOrEqual(25);
    expect(last?.ms).toBeLessThanOrEqual(60);
  }
});

test('an event whose hashes cost much more begins with a small batch again', () => {
  const { loop, turn, wanted } = makeLoop(undefined, 0.0001);
  loop.hear({ type: 'start', order: order(1) });
  turn(10);
  loop.hear({ type: 'stop', share: 1 });
  turn(1);
  loop.hear({ type: 'start', order: order(2) });
  turn(1);
  expect(wanted.at(-2)).toBeGreaterThan(100_000);
  expect(wanted.at(-1)).toBeLessThan(1000);
});

test('two shares take turns', () => {
  const { loop, said, turn } = makeLoop();
  loop.hear({ type: 'start', order: order(1) });
  loop.hear({ type: 'start', order: order(2) });
  turn(6);
  expect(said.map(({ share }) => share)).toEqual([1, 2, 1, 2, 1, 2]);
});

test('a stop is heard before the next batch, and the loop ends', () => {
  const { loop, said, turn, turns } = makeLoop();
  loop.hear({ type: 'start', order: order(1) });
  turn(2);
  loop.hear({ type: 'stop', share: 1 });
  turn(3);
  expect(said).toHaveLength(2);
  expect(turns).toHaveLength(0);
});

test('starts again after having rested', () => {
  const { loop, said, turn } = makeLoop();
  loop.hear({ type: 'start', order: order(1) });
  loop.hear({ type: 'stop', share: 1 });
  turn(1);
  loop.hear({ type: 'start', order: order(2) });
  turn(1);
  expect(said.map(({ share }) => share)).toEqual([2]);
});

test('a find is told once, with what was tried for it, and ends the share', () => {
  const { loop, said, turn } = makeLoop(finding({ hashes: 8, nonce: 'here' }));
  loop.hear({ type: 'start', order: order(1) });
  turn(5);
  expect(said).toMatchObject([
    { type: 'tried', share: 1, hashes: 8, position: 12 },
    { type: 'found', share: 1, edition: 0, nonce: 'here' },
  ]);
});

test('a newer edition goes to the search, and a find names it', () => {
  let isThere = false;
  const { loop, said, turn, renewed } = makeLoop(() => ({
    position: 0,
    run: () => (isThere ? { hashes: 4, nonce: 'late' } : { hashes: 4 }),
    renew: () => undefined,
  }));
  loop.hear({ type: 'start', order: order(1) });
  turn(1);
  loop.hear({ type: 'renew', share: 1, edition: { edition: 3, ...bytes } });
  loop.hear({ type: 'renew', share: 99, edition: { edition: 4, ...bytes } });
  expect(renewed).toHaveLength(1);
  isThere = true;
  turn(1);
  expect(said.at(-1)).toMatchObject({ type: 'found', edition: 3, nonce: 'late' });
});

test('soon by message calls in order', async () => {
  const soon = soonByMessage();
  const heard: number[] = [];
  await new Promise<void>((resolve) => {
    soon(() => heard.push(1));
    soon(() => {
      heard.push(2);
      resolve();
    });
  });
  expect(heard).toEqual([1, 2]);
});
