/** A thread: one line and everything that answers it, directly or not. */
import type { City } from '#client/city/city.ts';
import { LINE_KINDS } from '#protocol/kinds.ts';
import { lines, replies } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';
import { Deeds } from './deeds.svelte.ts';
import type { DeedsOptions } from './deeds.svelte.ts';
import { readThread, THREAD_MAX } from './thread-rows.ts';

export interface ThreadOptions extends DeedsOptions {
  /** Id of the thread's first line. */
  readonly root: string;
}

/** Lives as long as the thread is open; `stop` ends it. */
export class ThreadController {
  readonly root: string;
  readonly deeds: Deeds;
  phase = $state<'opening' | 'open'>('opening');
  /** The first line and its answers, oldest first. */
  lines = $state.raw<readonly LineRow[]>([]);

  readonly #city: City;
  readonly #group: string;
  readonly #ends: (() => void)[];
  #isBusy = false;
  #isStale = false;
  #isStopped = false;

  constructor(city: City, options: ThreadOptions) {
    const { root, group } = options;
    this.#city = city;
    this.#group = group;
    this.root = root;
    this.deeds = new Deeds(city, options);
    const watched = [{ table: lines.name, part: group }, { table: replies.name }];
    this.#ends = [
      city.watch(watched, () => this.#refresh()),
      city.subscribe({
        filters: [
          { ids: [root] },
          { kinds: LINE_KINDS, '#h': [group], '#e': [root], limit: THREAD_MAX },
          { kinds: LINE_KINDS, '#h': [group], '#q': [root], limit: THREAD_MAX },
        ],
      }),
    ];
    this.#refresh();
  }

  /** The thread's first line, once it is here. */
  get first(): LineRow | undefined {
    return this.lines.find((line) => line.id === this.root);
  }

  /** Ends subscriptions; deletions under way are sent first. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    void this.deeds.stop();
    this.#ends.forEach((end) => end());
  }

  #refresh(): void {
    this.#isStale = true;
    if (!this.#isBusy) void this.#reload();
  }

  async #reload(): Promise<void> {
    this.#isBusy = true;
    while (this.#isStale && !this.#isStopped) {
      this.#isStale = false;
      const found = await readThread(this.#city, this.root);
      if (this.#isStopped) break;
      this.lines = found.filter((line) => line.group === this.#group);
      this.phase = 'open';
    }
    this.#isBusy = false;
  }
}
