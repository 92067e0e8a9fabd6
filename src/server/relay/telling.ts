/** One event on its way to many: its text is made once, and one frame serves everybody whose question has the same name. */
import type { NostrEvent } from '#protocol/event.ts';

export class Telling {
  readonly event: NostrEvent;
  #json: string | undefined;
  #frames = new Map<string, Buffer>();

  constructor(event: NostrEvent) {
    this.event = event;
  }

  /** The frame of a subscription; the same bytes for the same name, so that a thousand who stall hold one copy. */
  frame(subscription: string): Buffer {
    const known = this.#frames.get(subscription);
    if (known) return known;
    this.#json ??= JSON.stringify(this.event);
    const frame = Buffer.from(`["EVENT",${JSON.stringify(subscription)},${this.#json}]`);
    this.#frames.set(subscription, frame);
    return frame;
  }
}
