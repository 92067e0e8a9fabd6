/** What a running city does on its own. */
import { sweepDue, sweepExpired } from '../operations/retention.ts';
import { refreshStatistics } from '../store/plan.ts';
import { HOUR, MINUTE } from '#shared/time.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Parts } from './parts.ts';

const SWEEP_EVERY_MS = 30_000;
const COUNT_EVERY_MS = 30 * 60_000;
const TEND_EVERY_MS = 30_000;
const SORT_OUT_EVERY_MS = HOUR * 1000;
/** Other processes sort out by their own clocks: once for all of them is enough. */
const SORTED_OUT_S = HOUR - MINUTE;

/** Housekeeping while the city runs; a failure is told and tried again next time. */
export const keepHouse = ({
  ground,
  clock,
  log,
  admin,
  media,
  vanisher,
  jobs,
  retention,
}: Parts): (() => void) => {
  const tell = (cause: unknown): void => log.error('housekeeping failed', causeOf(cause));
  const sweep = () => sweepExpired(ground.db, clock.now()).catch(tell);
  const count = () => refreshStatistics(ground.db).catch(tell);
  const sortOut = async () => {
    const now = clock.now();
    if (now - ((await jobs.endOf('retention')) ?? 0) < SORTED_OUT_S) return;
    await jobs.run('retention', async () => {
      const { expired, letter, removed } = await sweepDue(ground.db, now, retention);
      return `${expired} expired, ${letter} letters, ${removed} removed before`;
    });
  };
  const tend = () => admin.tend().catch(tell);
  const tidyFiles = () => media.tend().catch(tell);
  void vanisher.tend(); // what an earlier run left
  const timers = [
    setInterval(sweep, SWEEP_EVERY_MS),
    setInterval(count, COUNT_EVERY_MS),
    setInterval(tend, TEND_EVERY_MS),
    setInterval(() => sortOut().catch(tell), SORT_OUT_EVERY_MS),
    setInterval(() => vanisher.tend(), TEND_EVERY_MS),
    setInterval(tidyFiles, SWEEP_EVERY_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
};
