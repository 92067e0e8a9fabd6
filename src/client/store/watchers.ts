/** Who wants to hear of changes. */
import { concerns } from './rows.ts';
import type { Touched } from './rows.ts';
import type { Watched } from './table.ts';

interface Watcher {
  readonly watched: readonly Watched[];
  readonly changed: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
  last: number;
}

/** At most one call in this many milliseconds a watcher: one frame. */
const PACE = 16;

/** Calls watchers back: the first time at once, then coalesced. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();

  /** Calls back (coalesced) after a change of any of these. Returns the way to stop. */
  watch(watched: readonly Watched[], changed: () => void): () => void {
    const watcher: Watcher = { watched, changed, timer: undefined, last: -Infinity };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      clearTimeout(watcher.timer);
    };
  }

  /** Something was committed. */
  tell(touched: readonly Touched[]): void {
    if (touched.length > 0) this.#call(touched);
  }

  close(): void {
    for (const watcher of this.#watchers) clearTimeout(watcher.timer);
    this.#watchers.clear();
  }

  #call(touched: readonly Touched[]): void {
    const now = performance.now();
    for (const watcher of this.#watchers) {
      if (watcher.timer !== undefined || !touched.some((one) => concerns(watcher.watched, one))) continue;
      const wait = Math.max(0, watcher.last + PACE - now);
      watcher.timer = setTimeout(() => {
        watcher.timer = undefined;
        watcher.last = performance.now();
        watcher.changed();
      }, wait);
    }
  }
}
