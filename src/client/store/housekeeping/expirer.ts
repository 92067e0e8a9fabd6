/** Says of each event that names its own end (NIP-40) when that has come. A timer that appends; what it means is the projections' business. */
import type { Clock } from '#shared/time.ts';
import { HOUR } from '#shared/time.ts';
import type { LocalEvent } from '../local-events.ts';
import type { RowReader, Watched } from '../table.ts';
import { DUE, expiring } from './ends.ts';

export interface ExpirerPorts {
  readonly rows: Pick<RowReader, 'part'>;
  readonly clock: Clock;
  append(events: readonly LocalEvent[]): Promise<unknown>;
  watch(watched: readonly Watched[], changed: () => void): () => void;
}

const AT_ONCE = 200;
/** Seconds. A clock may be set meanwhile, and timers cannot be much longer than three weeks. */
const LONGEST_WAIT = HOUR;

export class Expirer {
  readonly #ports: ExpirerPorts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(ports: ExpirerPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#unwatch = this.#ports.watch([{ table: expiring.name, part: DUE }], () => this.#wake());
    this.#wake();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Ends what is due now. */
  run(): Promise<void> {
    this.#running ??= this.#expire().finally(() => (this.#running = undefined));
    return this.#running;
  }

  #wake(): void {
    this.run()
      .then(() => this.#sleep())
      .catch((cause: unknown) => {
        if (this.#unwatch) console.error('What has expired could not be said', cause);
      });
  }

  async #expire(): Promise<void> {
    const { rows, clock, append } = this.#ports;
    for (;;) {
      const before = { order: clock.now() + 1, id: '' };
      const due = await rows.part(expiring, { part: DUE, before, limit: AT_ONCE });
      if (due.length === 0) return;
      await append(due.map(({ id }) => ({ type: 'EventExpired', v: 1, id })));
    }
  }

  async #sleep(): Promise<void> {
    const { rows, clock } = this.#ports;
    const now = clock.now();
    const after = { order: now, id: '' };
    const [next] = await rows.part(expiring, { part: DUE, after, limit: 1 });
    if (!next || !this.#unwatch) return;
    clearTimeout(this.#timer);
    const seconds = Math.min(LONGEST_WAIT, Math.max(0, next.at - now));
    this.#timer = setTimeout(() => this.#wake(), seconds * 1000);
  }
}
