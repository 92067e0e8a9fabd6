/** What a bench hands to the table; the runner adds the bench's name. */
export interface BenchRow {
  readonly row: string;
  readonly value: number;
  readonly unit: string;
  /** What it was measured against, version included, in the same run. */
  readonly peer?: string;
  /** Ours over the peer's. */
  readonly ratio?: number;
  /** In words, e.g. `≤ 500`. */
  readonly target?: string;
  /** False when the target is missed by more than its tolerance. */
  readonly ok: boolean;
}

export interface BenchContext {
  /** Path of the browser to measure in. */
  readonly chromium: string;
  /** The parts that were asked for by `NAME:PART,PART`; all when absent. */
  readonly parts?: readonly string[];
}

/** The value below which a share (0–1) of the samples lies. */
export const percentile = (samples: readonly number[], share: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

/** A row whose value should be at most `limit`; `tolerance` 0.2 forgives a fifth, for a noisy machine. */
export const atMost = (
  row: string,
  value: number,
  unit: string,
  limit: number,
  tolerance = 0.2,
): BenchRow => ({ row, value, unit, target: `≤ ${limit}`, ok: value <= limit * (1 + tolerance) });

/** A row whose value should be at least `limit`; `tolerance` in the value's own unit, for a noisy machine. */
export const atLeast = (
  row: string,
  value: number,
  unit: string,
  limit: number,
  tolerance = 0,
): BenchRow => ({ row, value, unit, target: `≥ ${limit}`, ok: value >= limit - tolerance });

/** Chromium's flags for measuring without a screen or a network. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
