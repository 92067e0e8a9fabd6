/** An account extension (NIP-07) as a browser would carry it: `window.nostr` in front of a real signer. */
import type { BrowserContext } from '@playwright/test';
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import type { EventTemplate } from 'nostr-tools/pure';

export class FakeExtension {
  readonly pubkey: string;
  /** What the person answers when the extension asks. */
  allows = true;
  /** Kinds that were asked for, in order. */
  readonly asked: number[] = [];
  readonly #secret = generateSecretKey();

  constructor() {
    this.pubkey = getPublicKey(this.#secret);
  }

  /** Puts it into every page of the context that opens from now on. */
  async install(context: BrowserContext): Promise<void> {
    await context.exposeFunction('extensionKey', () => this.#ask(() => this.pubkey));
    await context.exposeFunction('extensionSign', (draft: EventTemplate) =>
      this.#ask(() => {
        this.asked.push(draft.kind);
        return finalizeEvent({ ...draft }, this.#secret);
      }),
    );
    await context.addInitScript(() => {
      const doors = window as unknown as Record<
        'extensionKey' | 'extensionSign',
        (draft?: unknown) => unknown
      >;
      Object.assign(window, {
        nostr: {
          getPublicKey: async () => doors.extensionKey(),
          signEvent: async (draft: unknown) => doors.extensionSign(draft),
        },
      });
    });
  }

  #ask<Answer>(answer: () => Answer): Answer {
    if (!this.allows) throw new Error('the person said no');
    return answer();
  }
}
