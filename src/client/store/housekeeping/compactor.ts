/**
 * Chunks of which nothing is left but husks are joined into stubs: one seal and one record instead of many, and what husks have in
 * common is compressed away. Nothing else moves; a stub lies under the number of its last event, as every chunk does.
 */
import { isForgotten } from '../forgetting.ts';
import { isLocalEvent } from '../local-events.ts';
import type { LogReader } from './purger.ts';

/** Husks in one stub, at most. */
const STUB_EVENTS = 250;
const CHUNKS_A_SLICE = 20;

/** A chunk of husks. */
interface Husks {
  readonly seq: number;
  readonly values: readonly unknown[];
}

export interface CompactorPorts {
  readonly log: LogReader;
  /** Writes one chunk in the place of several, in one transaction; the last one's number is its own. */
  join(seqs: readonly number[], values: readonly unknown[]): Promise<void>;
  breathe(): Promise<void>;
  isStopped(): boolean;
}

/** Goes through the whole log once. What was joined stays joined, wherever it is stopped. */
export const compact = async ({ log, join, breathe, isStopped }: CompactorPorts): Promise<void> => {
  let run: Husks[] = [];
  const finish = async () => {
    const [done, last] = [run, run.at(-1)];
    run = [];
    if (!last || done.length < 2) return;
    await join(
      done.map(({ seq }) => seq),
      done.flatMap(({ values }) => values),
    );
    await breathe();
  };
  for (let cursor = 0; !isStopped(); await breathe()) {
    const chunks = await log.open(cursor, CHUNKS_A_SLICE);
    if (chunks.length === 0) return finish();
    for (const { seq, values } of chunks) {
      const husks = isHusks(values) ? { seq, values } : undefined;
      if (!husks || !follows(run, husks)) await finish();
      if (husks) run.push(husks);
      cursor = seq;
    }
  }
};

const isHusks = (values: readonly unknown[] | undefined): values is readonly unknown[] =>
  values !== undefined && values.length > 0 && values.every((one) => isLocalEvent(one) && isForgotten(one));

/** True when a chunk comes right after a run, and the stub is not full. A gap of lost numbers must not be closed. */
const follows = (run: readonly Husks[], { seq, values }: Husks): boolean => {
  const last = run.at(-1);
  if (!last) return true;
  const count = run.reduce((sum, one) => sum + one.values.length, values.length);
  return last.seq === seq - values.length && count <= STUB_EVENTS;
};
