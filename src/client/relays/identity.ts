/** NIP-42 towards one relay: its challenge, and who answers it. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Authenticator } from './ports.ts';

export class Identity {
  readonly #relay: string;
  readonly #prove: (event: NostrEvent) => Promise<boolean>;
  #challenge: string | undefined;
  #authenticator: Authenticator | undefined;
  #attempt: Promise<boolean> | undefined;
  #pubkey: string | undefined;

  /** `prove` sends the signed event and tells whether the relay took it. */
  constructor(relay: string, prove: (event: NostrEvent) => Promise<boolean>) {
    this.#relay = relay;
    this.#prove = prove;
  }

  /** True once this connection knows a key. */
  get isProven(): boolean {
    return this.#pubkey !== undefined;
  }

  /** The key that this connection knows. */
  get pubkey(): string | undefined {
    return this.#pubkey;
  }

  /** A new connection starts as nobody. */
  connected(): void {
    this.#challenge = undefined;
    this.#attempt = undefined;
    this.#pubkey = undefined;
  }

  challenged(challenge: string): void {
    this.#challenge = challenge;
    this.#attempt = undefined;
  }

  setAuthenticator(authenticator: Authenticator | undefined): void {
    this.#authenticator = authenticator;
    this.#attempt = undefined;
  }

  /** Signs the challenge, once for each challenge and authenticator; false when nobody can or the relay says no. */
  authenticate(): Promise<boolean> {
    return (this.#attempt ??= this.#try());
  }

  async #try(): Promise<boolean> {
    const challenge = this.#challenge;
    if (challenge === undefined || !this.#authenticator) return false;
    try {
      const event = await this.#authenticator(this.#relay, challenge);
      if (!event || challenge !== this.#challenge) return false;
      const isProven = await this.#prove(event);
      this.#pubkey = isProven ? event.pubkey : undefined;
      return isProven;
    } catch (cause) {
      console.error(`Signing in to ${this.#relay} failed`, cause);
      return false;
    }
  }
}
