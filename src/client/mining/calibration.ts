/** How fast a crew is: a target that nobody reaches, worked at for 50 ms and a few batches. */
import type { UnsignedEvent } from '#protocol/event.ts';
import { PROFILE } from '#protocol/kinds.ts';
import { workParts } from './grid/work-parts.ts';
import type { Crew, Shift } from './crew.ts';

const MOST_BITS = 256;
/** Milliseconds of computing that each worker is watched for. */
const CALIBRATE_MS = 50;
/** A worker's first batches are small, and its kernel is still being compiled. */
const WARM_UP_MS = 15;
/** A page that is opening takes the processor away from a batch or two; the best of some tells the device's own rate. */
const LEAST_BATCHES = 4;

const event: UnsignedEvent = {
  kind: PROFILE,
  tags: [],
  content: '',
  created_at: 0,
  pubkey: '0'.repeat(64),
};

interface Pace {
  ms: number;
  /** After the warm-up. */
  batches: number;
  /** Hashes a second in its best batch. */
  best: number;
}

const isTelling = ({ ms, batches }: Pace): boolean => ms >= CALIBRATE_MS && batches >= LEAST_BATCHES;

/** Hashes a second of all workers together; undefined where none could be started. */
export const measureRate = (crew: Crew): Promise<number | undefined> => {
  const paces = new Map<number, Pace>();
  return new Promise((resolve) => {
    const end = (): void => {
      shift.stop();
      const sum = [...paces.values()].reduce((total, { best }) => total + best, 0);
      resolve(sum || undefined);
    };
    const shift: Shift = crew.begin({ edition: 0, ...workParts(event, MOST_BITS) }, MOST_BITS, {
      tried: (hashes, ms, lane) => {
        const pace = paces.get(lane) ?? { ms: 0, batches: 0, best: 0 };
        paces.set(lane, pace);
        pace.ms += ms;
        if (pace.ms > WARM_UP_MS) {
          pace.batches += 1;
          pace.best = Math.max(pace.best, (hashes / Math.max(ms, 0.01)) * 1000);
        }
        if (paces.size >= shift.shares && [...paces.values()].every(isTelling)) end();
      },
      found: end,
      lost: end,
    });
  });
};
