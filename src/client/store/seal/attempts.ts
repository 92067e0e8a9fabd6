/** How wrong passphrases slow down the next try. */
import { isRecord } from '#shared/json.ts';

export interface Attempts {
  /** Wrong passphrases since the last right one. */
  readonly wrong: number;
  /** No try before this time (milliseconds since 1970). */
  readonly waitUntil: number;
}

export const noAttempts: Attempts = { wrong: 0, waitUntil: 0 };

/** Attempts from the disk; none where they cannot be read. */
export const parseAttempts = (value: unknown): Attempts => {
  if (!isRecord(value)) return noAttempts;
  const { wrong, waitUntil } = value;
  return isCount(wrong) && isCount(waitUntil) ? { wrong, waitUntil } : noAttempts;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const FREE = 5;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** After another try that is not yet known to be right: counted before the work, so that ending the page saves nobody. */
export const countAttempt = (before: Attempts, now: number): Attempts => {
  const wrong = before.wrong + 1;
  const wait = wrong < FREE ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE));
  return { wrong, waitUntil: wait === 0 ? 0 : now + wait };
};

/** Milliseconds to wait before the next try; 0 when it may be made. A clock set back cannot make it longer than it ever was. */
export const waitOf = ({ waitUntil }: Attempts, now: number): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(0, waitUntil - now));
