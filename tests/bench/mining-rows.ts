/** Rows of rates: medians, and ratios that are taken round by round, where both sides had the same weather. */
import { percentile } from './rows.ts';
import type { BenchRow } from './rows.ts';

/** Something whose hashes a second are asked for round by round. */
export interface Contestant {
  readonly name: string;
  /** Hashes a second, over about so many milliseconds. */
  rate(ms: number): number | Promise<number>;
}

/** Rates by contestant's name, in order of the rounds. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/** Lets all of them run, one after the other, round after round; the first round warms up and is not counted. */
export const interleave = async (
  contestants: readonly Contestant[],
  rounds: number,
  ms: number,
): Promise<Rates> => {
  const rates = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++)
    for (const contestant of contestants) {
      const rate = await contestant.rate(ms);
      if (round > 0) rates.get(contestant.name)?.push(rate);
    }
  return rates;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

const of = (rates: Rates, name: string): readonly number[] => rates.get(name) ?? [];

/** Hashes a second, for reading. */
export const rateText = (rate: number): string =>
  rate >= 1e6 ? `${(rate / 1e6).toFixed(2)} MH/s` : `${(rate / 1e3).toFixed(1)} kH/s`;

/** A rate in MH/s, compared with nothing. */
export const rateRow = (rates: Rates, name: string, row: string): BenchRow => ({
  row,
  value: median(of(rates, name)) / 1e6,
  unit: 'MH/s',
  ok: true,
});

/** A rate held against a peer's; the median of the rounds' ratios should be at least `least`. */
export const ratioRow = (
  rates: Rates,
  row: string,
  [ours, theirs]: readonly [string, string],
  peer: string,
  least: number,
): BenchRow => {
  const ratio = median(of(rates, ours).map((rate, round) => rate / (of(rates, theirs)[round] ?? Number.NaN)));
  return {
    ...rateRow(rates, ours, row),
    peer: `${peer}, ${rateText(median(of(rates, theirs)))}`,
    ratio,
    target: `≥ ${least}×`,
    ok: ratio >= least,
  };
};
