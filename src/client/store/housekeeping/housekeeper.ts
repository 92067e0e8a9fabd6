/** What the store does by itself: ending what has expired, once a day forgetting what was put away, joining what is left. */
import { DAY } from '#shared/time.ts';
import { compact } from './compactor.ts';
import type { CompactorPorts } from './compactor.ts';
import { Expirer } from './expirer.ts';
import type { ExpirerPorts } from './expirer.ts';
import { Purger } from './purger.ts';
import type { PurgerPorts } from './purger.ts';

type Own = 'breathe' | 'isStopped';

export interface HousekeeperPorts
  extends ExpirerPorts, Omit<PurgerPorts, Own | keyof ExpirerPorts>, Omit<CompactorPorts, Own | 'log'> {
  readonly rows: ExpirerPorts['rows'] & PurgerPorts['rows'];
  /** True when words were taken out of the log since it was compacted. */
  isThinned(): boolean;
  compacted(): void;
  /** Milliseconds between slices of work; 20 unless told. */
  readonly pause?: number | undefined;
}

/** Milliseconds after opening, when the first screen is there. */
const FIRST_AFTER = 10_000;

export class Housekeeper {
  readonly #ports: HousekeeperPorts;
  readonly #expirer: Expirer;
  readonly #purger: Purger;
  readonly #slices: Pick<PurgerPorts, Own>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(ports: HousekeeperPorts) {
    this.#ports = ports;
    this.#slices = {
      breathe: () => new Promise((resolve) => setTimeout(resolve, ports.pause ?? 20)),
      isStopped: () => this.#isStopped,
    };
    this.#expirer = new Expirer(ports);
    this.#purger = new Purger({ ...ports, ...this.#slices });
  }

  start(): void {
    this.#expirer.start();
    this.#wakeIn(FIRST_AFTER);
  }

  /** Stops after the slice under way. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#expirer.stop();
  }

  /** Ends what is due, and nothing else. */
  expire(): Promise<void> {
    return this.#expirer.run();
  }

  /** Everything that is due now, in slices. One run at a time. */
  run(): Promise<void> {
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #work(): Promise<void> {
    await this.#expirer.run();
    await this.#purger.run();
    if (this.#isStopped || !this.#ports.isThinned()) return;
    this.#ports.compacted();
    await compact({ ...this.#ports, ...this.#slices });
  }

  #wakeIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.run()
        .catch((cause: unknown) => {
          if (!this.#isStopped) console.error('Housekeeping failed; it goes on tomorrow', cause);
        })
        .finally(() => {
          if (!this.#isStopped) this.#wakeIn(DAY * 1000);
        });
    }, milliseconds);
  }
}
