/** Whether the machine is ours while we measure. */
import { cpus } from 'node:os';

interface Times {
  readonly busy: number;
  readonly all: number;
}

const read = (): Times =>
  cpus().reduce(
    (sum, { times }) => {
      const busy = times.user + times.nice + times.sys + times.irq;
      return { busy: sum.busy + busy, all: sum.all + busy + times.idle };
    },
    { busy: 0, all: 0 },
  );

/** How many cores are busy while something goes on, ours included. */
export const busyCores = async <T>(
  act: () => T | Promise<T>,
): Promise<{ readonly cores: number; readonly result: T }> => {
  const before = read();
  const result = await act();
  const after = read();
  const share = (after.busy - before.busy) / Math.max(1, after.all - before.all);
  return { cores: share * cpus().length, result };
};
