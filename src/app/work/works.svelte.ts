/** This tab's long work as screens see it, and what a person does with it. */
import type { Published } from '#client/city/city.ts';
import type { WorkQueue } from '#client/mining/queue/work-queue.ts';
import type { WorkView } from '#client/mining/queue/work.ts';
import { m } from '#messages/paraglide/messages.js';
import type { ToastQueue } from '#ui/notices/toasts.svelte.ts';
import type { WorkHands } from './work-words.ts';

/** Seconds of work that may go without a word. */
const LITTLE = 10;
/** Hashes a second that any device makes; to judge work whose rate nobody measured. */
const SLOWEST = 100_000;

export class Works implements WorkHands {
  all = $state.raw<readonly WorkView[]>([]);
  readonly #queue: WorkQueue<Published>;
  readonly #toasts: Pick<ToastQueue, 'show'>;

  constructor(queue: WorkQueue<Published>, toasts: Pick<ToastQueue, 'show'>) {
    this.#queue = queue;
    this.#toasts = toasts;
    queue.watch((works) => (this.all = works));
  }

  pause(id: string): void {
    void this.#queue.pause(id);
  }

  resume(id: string): void {
    void this.#queue.resume(id);
  }

  /** Ends it at once; more than a little work can be had back for a while. */
  cancel(work: WorkView): void {
    void this.#cancel(work);
  }

  /** How a piece of this tab's work ends. */
  settled(id: string): ReturnType<WorkQueue<Published>['settled']> {
    return this.#queue.settled(id);
  }

  async #cancel({ id, title, state, progress }: WorkView): Promise<void> {
    const item = await this.#queue.cancel(id);
    if (!item) return;
    const seconds = item.hashes / (progress?.rate || SLOWEST);
    if (state !== 'waiting' && seconds < LITTLE) return;
    this.#toasts.show({
      text: m.shell_work_stopped({ title }),
      undo: () => void this.#queue.add(item),
    });
  }
}
