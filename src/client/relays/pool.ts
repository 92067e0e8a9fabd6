/** All relays in use: the city's own stays, others come and go with what is asked of them. */
import { Relay } from './relay.ts';
import type { Authenticator, LinkState, RelayPorts } from './ports.ts';

/** Milliseconds between looks for relays that nobody uses any more. */
const IDLE_CHECK = 30_000;

export class RelayPool {
  readonly #home: string;
  readonly #ports: RelayPorts;
  readonly #stateChanged: (url: string, state: LinkState) => void;
  readonly #relays = new Map<string, Relay>();
  readonly #sweeper: ReturnType<typeof setInterval>;
  #authenticator: Authenticator | undefined;

  /** `home` is connected from the start and proves the person's key at once. */
  constructor(home: string, ports: RelayPorts, stateChanged: (url: string, state: LinkState) => void) {
    this.#home = home;
    this.#ports = ports;
    this.#stateChanged = stateChanged;
    this.relay(home);
    this.#sweeper = setInterval(() => this.#sweep(), IDLE_CHECK);
  }

  /** The relay of a normalized address, connecting to it if need be. */
  relay(url: string): Relay {
    let relay = this.#relays.get(url);
    if (!relay) {
      relay = new Relay({
        url,
        ports: this.#ports,
        proveAtOnce: url === this.#home,
        stateChanged: (state) => this.#stateChanged(url, state),
      });
      if (this.#authenticator) relay.setAuthenticator(this.#authenticator);
      this.#relays.set(url, relay);
    }
    return relay;
  }

  /** Who answers NIP-42 challenges everywhere. */
  setAuthenticator(authenticator: Authenticator | undefined): void {
    this.#authenticator = authenticator;
    for (const relay of this.#relays.values()) relay.setAuthenticator(authenticator);
  }

  /** Addresses of the relays in use. */
  get urls(): string[] {
    return [...this.#relays.keys()];
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const relay of this.#relays.values()) relay.close();
    this.#relays.clear();
  }

  #sweep(): void {
    for (const [url, relay] of this.#relays)
      if (url !== this.#home && relay.isIdle) {
        this.#relays.delete(url);
        relay.close();
      }
  }
}
