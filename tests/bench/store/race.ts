/** Stores side by side: each keeps the same deliveries, slice by slice, one right after the other. */
import { loadavg } from 'node:os';
import { busyCores } from '../mining-quiet.ts';
import type { StoreGround } from './ground.ts';
import type { TownPlan } from './town.ts';

/** Milliseconds of the clock and of all the browser's processes. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

export interface Slice {
  /** By the contestant's name. */
  readonly costs: ReadonlyMap<string, Cost>;
  readonly deliveries: number;
  /** Nobody else was at work. */
  readonly isCalm: boolean;
}

export interface RacePlan {
  readonly town: TownPlan;
  /** Events that are not there yet, in one slice. */
  readonly slice: number;
  readonly slices: number;
  /** Names of workers that were started. */
  readonly names: readonly string[];
}

export interface Race {
  readonly slices: readonly Slice[];
  readonly load: number;
}

/** Cores that others may take: clocks never rest wholly. */
const OTHERS = 0.25;
/** What was put off (compaction, a log being folded in) is counted for whoever put it off. */
const AFTERMATH_MS = 100;
const AFTERMATH_TURNS = 20;
const IDLE = 0.1;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves to the browser's CPU time once it has come to rest. */
const restingCpu = async (ground: StoreGround): Promise<number> => {
  let before = await ground.cpu();
  for (let turn = 0; turn < AFTERMATH_TURNS; turn++) {
    await wait(AFTERMATH_MS);
    const now = await ground.cpu();
    if (now - before <= AFTERMATH_MS * IDLE) return before;
    before = now;
  }
  return before;
};

const runOne = async (
  ground: StoreGround,
  name: string,
  isLast: boolean,
): Promise<Cost & { calm: boolean }> => {
  const before = await restingCpu(ground);
  const began = performance.now();
  const { cores, result: wall } = await busyCores(() => ground.ask<number>(name, 'take', isLast));
  const during = ((await ground.cpu()) - before) / (performance.now() - began);
  const cpu = (await restingCpu(ground)) - before;
  return { wall, cpu, calm: cores - during <= OTHERS };
};

/** The order turns with every slice, so that nobody always comes first. */
const turned = (names: readonly string[], slice: number): string[] => [
  ...names.slice(slice % names.length),
  ...names.slice(0, slice % names.length),
];

/** Runs all slices; the first one is as cold for everybody. */
export const race = async (ground: StoreGround, plan: RacePlan): Promise<Race> => {
  const slices: Slice[] = [];
  for (let slice = 0; slice < plan.slices; slice++) {
    const costs = new Map<string, Cost>();
    let isCalm = true;
    let deliveries = 0;
    for (const name of turned(plan.names, slice)) {
      deliveries = await ground.ask<number>(name, 'prepare', plan.town, plan.slice);
      const { calm, ...cost } = await runOne(ground, name, slice === plan.slices - 1);
      costs.set(name, cost);
      isCalm &&= calm;
    }
    slices.push({ costs, deliveries, isCalm });
  }
  return { slices, load: loadavg()[0] ?? 0 };
};

const sum = (slices: readonly Slice[], name: string, of: keyof Cost): number =>
  slices.reduce((all, { costs }) => all + (costs.get(name)?.[of] ?? Number.NaN), 0);

/** Calm slices, or all where fewer than half were calm. */
export const counted = ({ slices }: Race): readonly Slice[] => {
  const calm = slices.filter(({ isCalm }) => isCalm);
  return calm.length >= slices.length / 2 ? calm : slices;
};

/** Deliveries a second. */
export const rateOf = (race: Race, name: string, of: keyof Cost): number => {
  const slices = counted(race);
  const deliveries = slices.reduce((all, slice) => all + slice.deliveries, 0);
  return (deliveries / sum(slices, name, of)) * 1000;
};
