import { expect, test } from 'vitest';
import { BarrenKernel } from '../../../tests/support/fake-mining-worker.ts';
import type { Kernel } from './kernel.ts';
import { Lanes, soonByMessage } from './lanes.ts';
import { LANE_SIZE } from './work-parts.ts';
import type { FromMiningWorker, LaneOrder } from './worker-messages.ts';

const order = (lane: number, start = 100 * LANE_SIZE): LaneOrder => ({
  lane,
  bits: 8,
  start,
  prefix: new Uint8Array(1),
  suffix: new Uint8Array(1),
});

/** Lanes whose turns the test takes by hand, with a kernel that costs `hashMs` a hash. */
const makeLanes = (makeKernel: () => Kernel = () => new BarrenKernel(), hashMs = 0.01) => {
  const said: FromMiningWorker[] = [];
  const turns: (() => void)[] = [];
  let now = 0;
  const lanes = new Lanes({
    makeKernel: () => {
      const kernel = makeKernel();
      return {
        load: (parts, bits) => kernel.load(parts, bits),
        run: (start, count) => {
          now += count * hashMs;
          return kernel.run(start, count);
        },
      };
    },
    post: (message) => said.push(message),
    soon: (go) => turns.push(go),
    clock: () => now,
  });
  const turn = (times = 1) => {
    for (let i = 0; i < times; i++) turns.shift()?.();
  };
  return { lanes, said, turns, turn };
};
const tries = (said: readonly FromMiningWorker[]) => said.filter((message) => message.type === 'tried');

test('batches settle between 25 and 60 ms, on fast machines and slow ones', () => {
  for (const hashMs of [0.0001, 0.001, 0.01, 0.2]) {
    const { lanes, said, turn } = makeLanes(undefined, hashMs);
    lanes.hear({ type: 'start', order: order(1) });
    turn(20);
    const last = tries(said).at(-1);
    expect(last?.ms).toBeGreaterThanOrEqual(25);
    expect(last?.ms).toBeLessThanOrEqual(60);
  }
});

test('no nonce is tried twice or left out', () => {
  const ranges: [number, number][] = [];
  const { lanes, turn } = makeLanes(() => ({
    load: () => undefined,
    run: (start, count) => void ranges.push([start, count]),
  }));
  lanes.hear({ type: 'start', order: order(1) });
  turn(10);
  expect(ranges[0]?.[0]).toBe(100 * LANE_SIZE);
  ranges.slice(1).forEach(([start], at) => {
    const [before, count] = ranges[at] ?? [0, 0];
    expect(start).toBe(before + count);
  });
});

test('two lanes take turns', () => {
  const { lanes, said, turn } = makeLanes();
  lanes.hear({ type: 'start', order: order(1) });
  lanes.hear({ type: 'start', order: order(2) });
  turn(6);
  expect(said.map(({ lane }) => lane)).toEqual([1, 2, 1, 2, 1, 2]);
});

test('a stop is heard before the next batch, and the loop ends', () => {
  const { lanes, said, turn, turns } = makeLanes();
  lanes.hear({ type: 'start', order: order(1) });
  turn(2);
  lanes.hear({ type: 'stop', lane: 1 });
  turn(3);
  expect(said).toHaveLength(2);
  expect(turns).toHaveLength(0);
});

test('starts again after having rested', () => {
  const { lanes, said, turn } = makeLanes();
  lanes.hear({ type: 'start', order: order(1) });
  lanes.hear({ type: 'stop', lane: 1 });
  turn(1);
  lanes.hear({ type: 'start', order: order(2) });
  turn(1);
  expect(said.map(({ lane }) => lane)).toEqual([2]);
});

test('a find is told once and ends the lane', () => {
  const { lanes, said, turn } = makeLanes(() => ({ load: () => undefined, run: (start) => start + 3 }));
  lanes.hear({ type: 'start', order: order(1) });
  turn(5);
  expect(said).toEqual([{ type: 'found', lane: 1, nonce: 100 * LANE_SIZE + 3 }]);
});

test('the end of a lane leads back to its beginning, never into a neighbour’s', () => {
  const { lanes, said, turn } = makeLanes();
  lanes.hear({ type: 'start', order: order(1, 101 * LANE_SIZE - 10) });
  turn(1);
  expect(tries(said)[0]).toMatchObject({ hashes: 10, next: 100 * LANE_SIZE });
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
