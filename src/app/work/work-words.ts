/** Work in words: a rate, a mean time, the odds so far. Never a remainder: work has no memory. */
import type { PlaceWork } from '#features/groups/index.ts';
import { expectedHashes } from '#protocol/proof-of-work.ts';
import { m } from '#messages/paraglide/messages.js';
import type { MiningProgress } from '#client/mining/miner.ts';
import type { WorkView } from '#client/mining/queue/work.ts';
import { roughRate, roughTime } from '#ui/notices/rough.ts';
import type { TrayTask } from '#ui/sheets/task-tray.ts';

const shares = [0, 1, 2].map(
  (digits) =>
    new Intl.NumberFormat(undefined, {
      style: 'percent',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
);
const NOTHING = '–';

/** The three numbers of work by chance. */
export interface WorkNumbers {
  readonly rate: string;
  readonly expected: string;
  readonly odds: string;
}

/** The numbers of a piece of work; `pace` is this device's own rate, for work that stands still. */
export const numbersOf = (
  { bits, odds, progress }: Pick<WorkView, 'bits' | 'odds' | 'progress'>,
  pace?: number,
): WorkNumbers => {
  const rate = progress?.rate || pace;
  return {
    rate: progress ? roughRate(progress.rate) : NOTHING,
    expected: rate ? roughTime(expectedHashes(bits) / rate) : NOTHING,
    odds: oddsInWords(odds),
  };
};

/** Chance in per cent, finer where it is small; what is not done is never 100 %. */
export const oddsInWords = (odds: number): string => {
  if (odds > 0.99 && odds < 1) return m.shell_work_odds_high();
  const digits = odds < 0.01 ? 2 : odds < 0.1 ? 1 : 0;
  return shares[digits]?.format(odds) ?? '';
};

/** Short work's one line in the tray. */
export const describeMining = ({ rate, expectedSeconds, odds }: MiningProgress): string =>
  m.shell_task_detail({
    rate: roughRate(rate),
    expected: roughTime(expectedSeconds),
    odds: oddsInWords(odds),
  });

/** Why it stands still, where it does. */
const standstill = ({ state, trouble }: Pick<WorkView, 'state' | 'trouble'>): string | undefined => {
  if (trouble) return trouble.message;
  if (state === 'held') return m.shell_work_held();
  return state === 'waiting' ? m.shell_work_waiting() : undefined;
};

/** What a person can do with work. */
export interface WorkHands {
  pause(id: string): void;
  resume(id: string): void;
  cancel(work: WorkView): void;
}

/** A piece of work as the tray lists it. */
export const trayTask = (work: WorkView, hands: WorkHands, pace?: number): TrayTask => {
  const { id, title, state, trouble } = work;
  const numbers = numbersOf(work, pace);
  const cancel = (): void => hands.cancel(work);
  return {
    id,
    title,
    state: trouble ? 'failed' : state === 'paused' || state === 'held' ? 'paused' : 'running',
    progressText: standstill(work),
    facts:
      state === 'waiting'
        ? undefined
        : [
            { label: m.ui_rate_rate(), value: numbers.rate },
            { label: m.ui_rate_expected(), value: numbers.expected },
            { label: m.shell_work_odds(), value: numbers.odds },
          ],
    onpause: state === 'mining' ? () => hands.pause(id) : undefined,
    onresume: state === 'paused' ? () => hands.resume(id) : undefined,
    onretry: () => hands.resume(id),
    oncancel: cancel,
    ondismiss: cancel,
  };
};

/** The same work as the sheet shows it where a place is made. */
export const placeWork = (work: WorkView, hands: WorkHands, pace?: number): PlaceWork => ({
  ...numbersOf(work, pace),
  state: work.trouble ? 'failed' : work.state,
  why: standstill(work),
  onpause: () => hands.pause(work.id),
  onresume: () => hands.resume(work.id),
  onstop: () => hands.cancel(work),
});
