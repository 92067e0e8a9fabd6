/** One REQ: stored events first, `EOSE`, then live ones; none twice, none lost in between. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { Subscriber } from './live.ts';
import { Telling } from './telling.ts';

export interface SubscriptionPorts {
  /** Writes a frame; false when the peer is gone. */
  send(frame: string | Buffer): boolean;
  /** Settles when the peer has taken enough to be sent more. */
  room(): Promise<void>;
  /** May this peer see the event now? */
  mayRead(event: NostrEvent): boolean;
}

/** Starts by holding live events back, until the stored ones are sent. */
export class Subscription implements Subscriber {
  readonly id: string;
  readonly filters: readonly Filter[];
  #ports: SubscriptionPorts;
  #held: Telling[] | undefined = [];
  #open = true;

  constructor(id: string, filters: readonly Filter[], ports: SubscriptionPorts) {
    this.id = id;
    this.filters = filters;
    this.#ports = ports;
  }

  /** How many values its filters list. */
  get weight(): number {
    return this.filters.flatMap((filter) => Object.values(filter).filter(Array.isArray)).flat().length;
  }

  take(telling: Telling): void {
    if (!this.#open) return;
    if (this.#held) this.#held.push(telling);
    else this.#give(telling);
  }

  /** Sends what was stored, then what came meanwhile; stops as soon as the subscription is closed. */
  async start(stored: readonly NostrEvent[]): Promise<void> {
    const sent = new Set<string>();
    for (const event of stored) {
      if (!this.#open) return;
      sent.add(event.id);
      this.#give(new Telling(event));
      await this.#ports.room();
    }
    if (!this.#open) return;
    this.#ports.send(`["EOSE",${JSON.stringify(this.id)}]`);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const telling of held) if (!sent.has(telling.event.id)) this.#give(telling);
  }

  stop(): void {
    this.#open = false;
    this.#held = [];
  }

  #give(telling: Telling): void {
    if (this.#ports.mayRead(telling.event)) this.#ports.send(telling.frame(this.id));
  }
}
