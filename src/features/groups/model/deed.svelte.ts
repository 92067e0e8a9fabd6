/** One thing being done: busy while it runs, a sentence if it failed, a note if it waits for the city. */
import type { Result } from '#shared/result.ts';
import type { CommandFailure } from './refusals.ts';
import type { Sent } from './send.ts';

export class Deed {
  busy = $state(false);
  /** Why it was not done, for people. */
  failure = $state<string>();
  /** True when it is safe on this device and the city has not answered. */
  queued = $state(false);

  /** Runs it, unless one is under way; the value where it went well. */
  async run<T extends Sent>(action: () => Promise<Result<T, CommandFailure>>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.clear();
    try {
      const done = await action();
      if (!done.ok) {
        this.failure = done.error.message;
        return undefined;
      }
      this.queued = done.value.outcome === 'queued';
      return done.value;
    } finally {
      this.busy = false;
    }
  }

  /** Forgets the last outcome. */
  clear(): void {
    this.failure = undefined;
    this.queued = false;
  }
}
