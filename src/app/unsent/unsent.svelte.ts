/** What relays refused, of every sort: told, and mended, sent again or given up by the person's hand. */
import { SvelteSet } from 'svelte/reactivity';
import type { City } from '#client/city/city.ts';
import { sendAnew } from '#client/city/send-anew.ts';
import type { EngineStatus } from '#client/engine/engine.ts';
import { isGoodNews } from '#features/groups/index.ts';
import { m } from '#messages/paraglide/messages.js';
import type { NostrEvent } from '#protocol/event.ts';
import { JOIN_REQUEST } from '#protocol/kinds.ts';
import { isOutdated, repairOf } from '#protocol/repairs.ts';
import type { Repair } from '#protocol/repairs.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';

/** One thing that no relay took. */
interface UnsentThing {
  readonly event: NostrEvent;
  /** In the relay's own words. */
  readonly reason: string;
  readonly repair: Repair | undefined;
}

interface UnsentOptions {
  readonly city: Pick<City, 'account' | 'refused' | 'publish' | 'retry' | 'discard' | 'requestAccount'> & {
    /** Reactive. */
    readonly status: Pick<EngineStatus, 'waiting' | 'refused'>;
  };
  readonly toasts: { show(wish: ToastWish): unknown };
  /** Calls `done` after `ms`; returns the way to stop it. */
  readonly after?: (ms: number, done: () => void) => () => void;
}

const UNDO_MS = 5_000;

/** Nothing is to be done: the person is where they wanted to be, a newer version stands, or the place itself says it (a wish to join). */
const isSettled = ({ kind }: NostrEvent, reason: string): boolean =>
  isGoodNews(reason) || isOutdated(reason, kind) || kind === JOIN_REQUEST;

const timeout = (ms: number, done: () => void): (() => void) => {
  const timer = setTimeout(done, ms);
  return () => clearTimeout(timer);
};

export class Unsent {
  /** Set while one of them is being sent again. */
  readonly busy = new SvelteSet<string>();
  readonly #options: UnsentOptions;
  readonly #hidden = new SvelteSet<string>();
  #found = $state.raw<readonly UnsentThing[]>([]);

  constructor(options: UnsentOptions) {
    this.#options = options;
  }

  /** Oldest first. */
  get all(): readonly UnsentThing[] {
    return this.#found.filter(({ event }) => !this.#hidden.has(event.id));
  }

  /** Looks whenever the queue has changed. Returns the way to stop. */
  start(): () => void {
    return $effect.root(() => {
      $effect(() => {
        const { refused, waiting } = this.#options.city.status;
        void waiting;
        if (refused === undefined) this.#found = [];
        else void this.look();
      });
    });
  }

  /** Reads what is there now. */
  async look(): Promise<void> {
    const refused = await this.#options.city.refused();
    this.#found = refused
      .filter(({ event, reason }) => !isSettled(event, reason))
      .map(({ event, reason }) => ({ event, reason, repair: repairOf(reason, event.kind) }));
  }

  /** Mends it where that can be done from here, and sends it; else sends it as it is. */
  async send({ event, repair }: UnsentThing): Promise<void> {
    const { city } = this.#options;
    if (this.busy.has(event.id)) return;
    this.busy.add(event.id);
    try {
      if (repair?.way === 'resign') await this.#anew(event.id);
      else if (repair?.way === 'remine') await this.#anew(event.id, repair.bits);
      else if (repair?.way !== 'sign-in' || (await city.requestAccount('write'))) await city.retry(event.id);
      await this.look();
    } finally {
      this.busy.delete(event.id);
    }
  }

  /** Gives it up, unless that is undone at once. */
  discard({ event }: UnsentThing): void {
    const { city, toasts, after = timeout } = this.#options;
    if (this.#hidden.has(event.id)) return;
    this.#hidden.add(event.id);
    const stop = after(UNDO_MS, () => {
      void city.discard(event.id).finally(() => this.#hidden.delete(event.id));
    });
    const undo = (): void => {
      stop();
      this.#hidden.delete(event.id);
    };
    toasts.show({ text: m.shell_unsent_discarded(), undo, timeout: UNDO_MS });
  }

  async #anew(id: string, work?: number): Promise<void> {
    const { city, toasts } = this.#options;
    const title = m.shell_work_untitled();
    const sent = await sendAnew(city, [id], work === undefined ? { title } : { title, work });
    if (sent.ok || sent.error.code === 'cancelled') return;
    toasts.show({
      text: sent.error.code === 'storage' ? m.shell_unsent_full() : m.shell_unsent_not_signed(),
      tone: 'danger',
    });
  }
}
