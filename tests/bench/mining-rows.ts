/** Rows of rates: medians, and ratios that are taken round by round, where both sides had the same weather. */
import { busyCores } from './mining-quiet.ts';
import { percentile } from './rows.ts';
import type { BenchRow } from './rows.ts';

/** Something whose hashes a second are asked for round by round. */
export interface Contestant {
  readonly name: string;
  /** How many cores it may use; one when absent. */
  readonly threads?: number;
  /** Hashes a second, over about so many milliseconds. */
  rate(ms: number): number | Promise<number>;
}

/** What a row needs of a race: rates by contestant's name, in order of the rounds. */
export interface Race {
  readonly rates: ReadonlyMap<string, readonly number[]>;
  /** Rounds in which nobody else worked on this machine. */
  readonly calm: number;
  readonly rounds: number;
}

/** Rounds are repeated until enough were calm, up to so many times as many. */
const PATIENCE = 2;
/** Cores that others may take: browsers and clocks never rest wholly. */
const OTHERS = 0.25;

interface Round {
  readonly rates: readonly number[];
  readonly isCalm: boolean;
}

const runRound = async (contestants: readonly Contestant[], ms: number): Promise<Round> => {
  const rates: number[] = [];
  let isCalm = true;
  for (const { rate, threads = 1 } of contestants) {
    const { cores, result } = await busyCores(() => rate(ms));
    isCalm &&= cores <= threads + OTHERS;
    rates.push(result);
  }
  return { rates, isCalm };
};

/**
 * Lets all of them run, one right after the other, round after round; the first round warms up. Counts the calm rounds; all of
 * them when fewer than half as many as wanted were calm.
 */
export const race = async (contestants: readonly Contestant[], wanted: number, ms: number): Promise<Race> => {
  await runRound(contestants, ms);
  const all: Round[] = [];
  const calm = () => all.filter((round) => round.isCalm);
  while (calm().length < wanted && all.length < wanted * PATIENCE) all.push(await runRound(contestants, ms));
  const counted = calm().length >= wanted / 2 ? calm() : all;
  const rates = contestants.map(({ name }, at) => [
    name,
    counted.map((round) => round.rates[at] ?? Number.NaN),
  ]);
  return {
    rates: new Map(rates as [string, number[]][]),
    calm: calm().length,
    rounds: all.length,
  };
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A contestant's rates. */
export const of = ({ rates }: Race, name: string): readonly number[] => rates.get(name) ?? [];

/** Hashes a second, for reading. */
const rateText = (rate: number): string =>
  rate >= 1e6 ? `${(rate / 1e6).toFixed(2)} MH/s` : `${(rate / 1e3).toFixed(1)} kH/s`;

/** A rate in MH/s, compared with nothing. */
export const rateRow = (race: Race, name: string, row: string): BenchRow => ({
  row,
  value: median(of(race, name)) / 1e6,
  unit: 'MH/s',
  ok: true,
});

/** A rate held against a peer's; the median of the rounds' ratios should be at least `least`. */
export const ratioRow = (
  race: Race,
  row: string,
  [ours, theirs]: readonly [string, string],
  peer: string,
  least: number,
): BenchRow => {
  const ratio = median(of(race, ours).map((rate, round) => rate / (of(race, theirs)[round] ?? Number.NaN)));
  return {
    ...rateRow(race, ours, row),
    peer: `${peer}, ${rateText(median(of(race, theirs)))}`,
    ratio,
    target: `≥ ${least}×`,
    ok: ratio >= least,
  };
};
