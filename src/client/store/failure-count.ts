import type { LocalEvent } from './local-events.ts';

/** Projections that threw: counted, and the first of each said aloud. */
export class FailureCount {
  readonly #counts = new Map<string, number>();

  /** Counts one; handed to the projecting. */
  readonly report = (projection: string, event: LocalEvent, cause: unknown): void => {
    const count = (this.#counts.get(projection) ?? 0) + 1;
    this.#counts.set(projection, count);
    if (count === 1) console.error(`Projection "${projection}" failed on a ${event.type}`, cause);
  };

  /** Failures by projection. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
