/** Who wants to hear of changes, in this tab; and the channel that carries changes between tabs. */
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

/** Carries changes to other tabs; `BroadcastChannel` fits. */
export interface TabChannel {
  postMessage(touched: readonly Touched[]): void;
  onmessage: ((message: MessageEvent) => void) | null;
  close(): void;
}

/** Calls watchers back: the first time at once, then coalesced. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();
  readonly #channel: TabChannel | undefined;

  constructor(channel?: TabChannel) {
    this.#channel = channel;
    if (channel) channel.onmessage = ({ data }: MessageEvent) => this.#call(data as Touched[]);
  }

  /** Calls back (coalesced) after a change of any of these. Returns the way to stop. */
  watch(watched: readonly Watched[], changed: () => void): () => void {
    const watcher: Watcher = { watched, changed, timer: undefined, last: -Infinity };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      clearTimeout(watcher.timer);
    };
  }

  /** Something was committed here: tells this tab and the others. */
  tell(touched: readonly Touched[]): void {
    if (touched.length === 0) return;
    this.#channel?.postMessage(touched);
    this.#call(touched);
  }

  close(): void {
    this.#channel?.close();
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
