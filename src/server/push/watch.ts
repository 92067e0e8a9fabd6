/** Which committed events wake which devices: by an index over what devices want, never by asking each of them. */
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { PushWant } from '#protocol/push.ts';
import { canRead } from '../relay/access.ts';
import type { Access } from '../relay/access.ts';
import { LiveIndex } from '../relay/live.ts';
import type { Subscriber } from '../relay/live.ts';
import type { Device } from './register.ts';

export interface WatchPorts {
  readonly access: Access;
  readonly clock: Clock;
  /** Devices that one event concerns, all at once. */
  readonly wake: (devices: readonly Device[]) => void;
}

/** Late lines are news for so long (a letter's time may be two days off on purpose, NIP-59); what is older is an import. */
const NEWS = 7 * DAY;

export class PushWatch {
  #ports: WatchPorts;
  #index = new LiveIndex();
  #subscribers = new Map<Device, readonly Subscriber[]>();
  #found = new Set<Device>();

  constructor(ports: WatchPorts) {
    this.#ports = ports;
  }

  /** Takes a device in, or what it wants now instead. */
  watch(device: Device): void {
    this.unwatch(device);
    const subscribers = device.wants.map((want) => this.#subscriberOf(device, want));
    this.#subscribers.set(device, subscribers);
    for (const subscriber of subscribers) this.#index.add(subscriber);
  }

  unwatch(device: Device): void {
    for (const subscriber of this.#subscribers.get(device) ?? []) this.#index.remove(subscriber);
    this.#subscribers.delete(device);
  }

  /** Hears every committed event, after the places have changed. Never throws. */
  deliver(events: readonly NostrEvent[]): void {
    if (this.#subscribers.size === 0) return;
    const oldest = this.#ports.clock.now() - NEWS;
    for (const event of events) {
      if (kinds.isEphemeral(event.kind) || event.created_at < oldest) continue;
      this.#index.deliver(event);
      if (this.#found.size === 0) continue;
      const found = [...this.#found];
      this.#found.clear();
      this.#ports.wake(found);
    }
  }

  #subscriberOf(device: Device, { filter, after = 0 }: PushWant): Subscriber {
    return {
      filters: [filter],
      take: ({ event }) => {
        if (this.#ports.clock.now() >= after && this.#concerns(device, event)) this.#found.add(device);
      },
    };
  }

  /** Somebody else's words that this key may read, now. */
  #concerns({ pubkey }: Device, event: NostrEvent): boolean {
    return event.pubkey !== pubkey && canRead(event, new Set([pubkey]), this.#ports.access);
  }
}
