/** Sees to it that what waits is sent while the app is closed, where the browser can do that, and knows whether it can. */
import { askForLooks, askForSync } from '#client/device/background-sync.ts';
import type { SyncAnswer, SyncRegistration } from '#client/device/background-sync.ts';
import type { EngineStatus } from '#client/engine/engine.ts';

export interface AwayPorts {
  /** Resolves once a service worker is there; never where there is none. */
  readonly ready: () => Promise<SyncRegistration>;
  /** Calls back when the machine loses its network. Returns the way to stop. */
  readonly onoffline: (lost: () => void) => () => void;
}

export class AwaySending {
  /** Undefined until the browser has been asked. */
  answer = $state.raw<SyncAnswer | undefined>();
  readonly #ports: AwayPorts;
  #waiting = 0;

  constructor(ports: AwayPorts) {
    this.#ports = ports;
  }

  /** Undefined while nobody knows. */
  get canSend(): boolean | undefined {
    return this.answer === undefined ? undefined : this.answer === 'asked';
  }

  /** Asks ahead when the network goes: somebody may write and close the lid in one breath. Returns the way to stop. */
  start(): () => void {
    void this.#ports.ready().then(askForLooks);
    return this.#ports.onoffline(() => void this.#ask());
  }

  /** Something more waits than before: asks for a wake. */
  follow({ waiting }: Pick<EngineStatus, 'waiting'>): void {
    if (waiting > this.#waiting) void this.#ask();
    this.#waiting = waiting;
  }

  async #ask(): Promise<void> {
    this.answer = await askForSync(await this.#ports.ready());
  }
}

/** The browser's own ports. */
export const browserAwayPorts: AwayPorts = {
  ready: () =>
    'serviceWorker' in navigator
      ? (navigator.serviceWorker.ready as Promise<SyncRegistration>)
      : new Promise(() => undefined),
  onoffline: (lost) => {
    const end = new AbortController();
    window.addEventListener('offline', lost, { signal: end.signal });
    if (!navigator.onLine) lost();
    return () => end.abort();
  },
};
