/** Work in words: a rate, a mean time, the odds so far. Never a remainder: work has no memory. */
import { m } from '#messages/paraglide/messages.js';
import type { MiningProgress } from '#client/mining/miner.ts';

const rough = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 2 });
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** A time that is only a mean, in its largest fitting unit. */
const roughTime = (seconds: number): string => {
  if (seconds < 90) return m.shell_seconds({ count: Math.max(1, Math.round(seconds)) });
  if (seconds < 90 * 60) return m.shell_minutes({ count: Math.round(seconds / 60) });
  return m.shell_hours({ count: Math.round(seconds / 3600) });
};

/** The tray's line while mining. */
export const describeMining = ({ rate, expectedSeconds, odds }: MiningProgress): string =>
  m.shell_task_detail({
    rate: rough.format(rate),
    expected: roughTime(expectedSeconds),
    odds: share.format(odds),
  });
