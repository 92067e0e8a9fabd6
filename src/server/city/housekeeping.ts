/** What a running city does on its own. */
import { refreshStatistics, sweepExpired } from '../store/plan.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Parts } from './parts.ts';

const SWEEP_EVERY_MS = 30_000;
const COUNT_EVERY_MS = 30 * 60_000;
const TEND_EVERY_MS = 30_000;

/** Housekeeping while the city runs; a failure is told and tried again next time. */
export const keepHouse = ({ ground, clock, log, admin, vanisher }: Parts): (() => void) => {
  const tell = (cause: unknown): void => log.error('housekeeping failed', causeOf(cause));
  const sweep = () => sweepExpired(ground.db, clock.now()).catch(tell);
  const count = () => refreshStatistics(ground.db).catch(tell);
  const tend = () => admin.tend().catch(tell);
  void vanisher.tend(); // what an earlier run left
  const timers = [
    setInterval(sweep, SWEEP_EVERY_MS),
    setInterval(count, COUNT_EVERY_MS),
    setInterval(tend, TEND_EVERY_MS),
    setInterval(() => vanisher.tend(), TEND_EVERY_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
};
