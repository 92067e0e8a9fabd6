/** The browser's service workers as its own tools see them: wakes them as the browser would, and stops them in the middle. */
import type { BrowserContext, CDPSession, Page } from '@playwright/test';

interface Registration {
  readonly registrationId: string;
  readonly scopeURL: string;
  readonly isDeleted: boolean;
}

export class WorkerDesk {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #origin: string;
  readonly #registrations = new Map<string, Registration>();

  private constructor(page: Page, session: CDPSession, origin: string) {
    this.#page = page;
    this.#session = session;
    this.#origin = origin;
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const one of registrations) this.#registrations.set(one.registrationId, one);
    });
  }

  /** Looks in from an empty page, which is none of the app's. */
  static async open(context: BrowserContext, url: string): Promise<WorkerDesk> {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const desk = new WorkerDesk(page, session, new URL(url).origin);
    await session.send('ServiceWorker.enable');
    return desk;
  }

  /** What Background Sync does when the network is back; the last chance is not tried again. */
  async sync(tag: string, lastChance = false): Promise<void> {
    const registrationId = await this.#registration();
    await this.#session.send('ServiceWorker.dispatchSyncEvent', {
      origin: this.#origin,
      registrationId,
      tag,
      lastChance,
    });
  }

  /** What a push service does, already decrypted. */
  async push(data: string): Promise<void> {
    const registrationId = await this.#registration();
    await this.#session.send('ServiceWorker.deliverPushMessage', {
      origin: this.#origin,
      registrationId,
      data,
    });
  }

  async close(): Promise<void> {
    await this.#page.close();
  }

  async #registration(): Promise<string> {
    for (let tries = 0; tries < 50; tries++) {
      const found = [...this.#registrations.values()].find(
        ({ scopeURL, isDeleted }) => !isDeleted && scopeURL.startsWith(this.#origin),
      );
      if (found) return found.registrationId;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no service worker of ${this.#origin} is known`);
  }
}
