/** Lines that were not taken go out again: with today's date, with work, after joining or signing in. */
import type { City, PublishFailure } from '#client/city/city.ts';
import { sendAnew } from '#client/city/send-anew.ts';
import { m } from '#messages/paraglide/messages.js';
import type { Repair } from '#protocol/repairs.ts';
import type { Result } from '#shared/result.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { failureWords } from './failure-words.ts';

/** How asking to join a place ended; `failed`: why was said. `pending`: somebody will look at it. */
export type Joined = 'joined' | 'pending' | 'failed';

export interface MendingOptions {
  readonly ontoast?: ((wish: ToastWish) => unknown) | undefined;
  /** Asks to join the place; absent where that cannot be done from here. */
  readonly join?: (() => Promise<Joined>) | undefined;
}

/** What it needs of the hand that sends lines again. */
interface Again {
  readonly retrying: { add(id: string): unknown; delete(id: string): unknown };
  retry(id: string): Promise<void>;
}

export class Mending {
  readonly #city: City;
  readonly #deeds: Again;
  readonly #options: MendingOptions;

  constructor(city: City, deeds: Again, options: MendingOptions) {
    this.#city = city;
    this.#deeds = deeds;
    this.#options = options;
  }

  /** True where joining can be offered. */
  get canJoin(): boolean {
    return this.#options.join !== undefined;
  }

  /** Mends these lines, oldest first, and sends them. What cannot be mended stays as it is, and why is said. */
  async mend(ids: readonly string[], repair: Repair): Promise<void> {
    for (const id of ids) this.#deeds.retrying.add(id);
    let goesAgain = false;
    try {
      goesAgain = await this.#mended(ids, repair);
    } finally {
      for (const id of ids) this.#deeds.retrying.delete(id);
    }
    if (goesAgain) for (const id of ids) await this.#deeds.retry(id);
  }

  /** True where the very same events are to be sent again. */
  async #mended(ids: readonly string[], repair: Repair): Promise<boolean> {
    if (repair.way === 'resign') this.#tell(await sendAnew(this.#city, ids));
    else if (repair.way === 'remine')
      this.#tell(await sendAnew(this.#city, ids, { work: repair.bits, title: m.chat_mend_work_task() }));
    else return this.#isLetIn(repair);
    return false;
  }

  async #isLetIn({ way }: Repair): Promise<boolean> {
    if (way === 'sign-in') return this.#city.requestAccount('write');
    if (way !== 'join') return way === 'wait';
    const joined = await (this.#options.join?.() ?? Promise.resolve('failed' as const));
    if (joined === 'pending') this.#options.ontoast?.({ text: m.chat_mend_asked() });
    return joined === 'joined';
  }

  #tell(sent: Result<number, PublishFailure>): void {
    if (sent.ok) return;
    const text = sent.error.code === 'no-account' ? m.chat_mend_other() : failureWords(sent.error);
    if (text !== undefined) this.#options.ontoast?.({ text, tone: 'danger' });
  }
}
