/** One REQ: stored events first, `EOSE`, then live ones; none twice, none lost in between. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { Subscriber } from './live.ts';

export interface SubscriptionPorts {
  /** Writes a frame; false when the peer is gone. */
  send(frame: string): boolean;
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
  #head: string;
  #held: { event: NostrEvent; json: string }[] | undefined = [];
  #open = true;

  constructor(id: string, filters: readonly Filter[], ports: SubscriptionPorts) {
    this.id = id;
    this.filters = filters;
    this.#ports = ports;
    this.#head = `["EVENT",${JSON.stringify(id)},`;
  }

  /** How many values its filters list. */
  get weight(): number {
    return this.filters.flatMap((filter) => Object.values(filter).filter(Array.isArray)).flat().length;
  }

  take(event: NostrEvent, json: string): void {
    if (!this.#open) return;
    if (this.#held) this.#held.push({ event, json });
    else this.#give(event, json);
  }

  /** Sends what was stored, then what came meanwhile; stops as soon as the subscription is closed. */
  async start(stored: readonly NostrEvent[]): Promise<void> {
    const sent = new Set<string>();
    for (const event of stored) {
      if (!this.#open) return;
      sent.add(event.id);
      this.#give(event, JSON.stringify(event));
      await this.#ports.room();
    }
    if (!this.#open) return;
    this.#ports.send(`["EOSE",${JSON.stringify(this.id)}]`);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { event, json } of held) if (!sent.has(event.id)) this.#give(event, json);
  }

  stop(): void {
    this.#open = false;
    this.#held = [];
  }

  #give(event: NostrEvent, json: string): void {
    if (this.#ports.mayRead(event)) this.#ports.send(`${this.#head}${json}]`);
  }
}
