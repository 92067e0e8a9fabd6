/** Holding Escape erases the profile; letting go before the end doesn't. */

/** Milliseconds that the key is held. */
export const HOLD_MS = 3000;
/** Before that it may be a key that closes something. */
const QUIET_MS = 400;

type PanicState = 'idle' | 'held' | 'erasing';

export interface PanicPorts {
  readonly isOn: () => boolean;
  readonly erase: () => Promise<void>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Calls back about once a picture; returns the way to stop. */
  readonly every: (look: () => void) => () => void;
}

export class PanicKey {
  state = $state.raw<PanicState>('idle');
  /** 0…1 */
  progress = $state(0);
  readonly #ports: PanicPorts;
  #since = 0;
  #stop: () => void = () => undefined;

  constructor(ports: PanicPorts) {
    this.#ports = ports;
  }

  /** True once it has been held for longer than a press. */
  get isShown(): boolean {
    return this.state === 'erasing' || (this.state === 'held' && this.progress > QUIET_MS / HOLD_MS);
  }

  /** A key went down; only Escape alone counts. */
  down(
    event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'isTrusted'>,
  ): void {
    if (this.state !== 'idle' || event.key !== 'Escape' || !this.#ports.isOn()) return;
    // A script on the page must not be able to do this.
    if (!event.isTrusted || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    this.state = 'held';
    this.#since = this.#ports.now();
    this.#stop = this.#ports.every(() => this.#look());
  }

  /** The key was let go, or the page lost sight of it. */
  release(): void {
    if (this.state !== 'held') return;
    this.#stop();
    this.state = 'idle';
    this.progress = 0;
  }

  #look(): void {
    this.progress = Math.min(1, (this.#ports.now() - this.#since) / HOLD_MS);
    if (this.progress < 1) return;
    this.#stop();
    this.state = 'erasing';
    this.#ports.erase().catch((cause: unknown) => {
      this.state = 'idle';
      this.progress = 0;
      console.error('Erasing failed', cause);
    });
  }
}
