/**
 * A browser whose push addresses lie at a push service on this machine: headless Chromium has none of its own. Keys, encryption and
 * signatures are real; what the service has checked and opened is handed to the service worker by the browser's own tools.
 */
import type { BrowserContext, Worker } from '@playwright/test';
import type { PushDevice, PushService } from '../support/push-service.ts';
import { WorkerDesk } from './worker-desk.ts';

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

export class LocalPush {
  /** What this browser has subscribed, newest last. */
  readonly devices: PushDevice[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;
  #handed = 0;

  private constructor(context: BrowserContext, url: string) {
    this.#context = context;
    this.#url = url;
  }

  /** Before the first page is opened. */
  static async prepare(context: BrowserContext, service: PushService, url: string): Promise<LocalPush> {
    const push = new LocalPush(context, url);
    let current: PushDevice['subscription'] | undefined;
    await context.grantPermissions(['notifications'], { origin: url });
    await context.exposeFunction('heldAddress', () => current);
    await context.exposeFunction('takeAddress', (key: string) => {
      const device = service.subscribe(key);
      push.devices.push(device);
      return (current = device.subscription);
    });
    await context.exposeFunction('dropAddress', () => (current = undefined));
    await context.addInitScript(replacePushManager);
    return push;
  }

  get device(): PushDevice {
    const device = this.devices.at(-1);
    if (!device) throw new Error('nothing has been subscribed');
    return device;
  }

  /** Pushes that the service has taken since the last look. */
  get waiting(): number {
    return this.device.received.length - this.#handed;
  }

  /** Brings the next push to the service worker, once it has come. */
  async deliver(patience = 15_000): Promise<void> {
    const end = Date.now() + patience;
    while (this.waiting === 0) {
      if (Date.now() > end) throw new Error(`no push came; ${this.device.flaws.join('; ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const received = this.device.received[this.#handed++];
    await this.hand(received?.text ?? '');
  }

  /** Brings any text to the service worker, as if it had been decrypted. */
  async hand(text: string): Promise<void> {
    const desk = await WorkerDesk.open(this.#context, this.#url);
    await desk.push(text);
    await desk.close();
  }

  /** What the device shows now. */
  async shown(): Promise<readonly Shown[]> {
    const worker = await this.#worker();
    return worker.evaluate(async () => {
      const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration };
      return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
    });
  }

  /** A finger on the notification. Only the browser may open windows by it; one that is open goes there. */
  async press(tag: string): Promise<void> {
    const worker = await this.#worker();
    await worker.evaluate(async (pressed) => {
      const scope = globalThis as unknown as EventTarget & { registration: ServiceWorkerRegistration };
      const [notification] = await scope.registration.getNotifications({ tag: pressed });
      const Press = (
        globalThis as unknown as { NotificationEvent: new (type: string, init: object) => Event }
      ).NotificationEvent;
      scope.dispatchEvent(new Press('notificationclick', { notification }));
    }, tag);
  }

  async #worker(): Promise<Worker> {
    for (let tries = 0; tries < 100; tries++) {
      const worker = this.#context.serviceWorkers().at(-1);
      if (worker) return worker;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no service worker runs');
  }
}

/** Runs in each page, before everything else. */
const replacePushManager = (): void => {
  interface Held {
    readonly endpoint: string;
    readonly keys: Readonly<Record<string, string>>;
  }
  interface Doors {
    heldAddress(): Promise<Held | undefined>;
    takeAddress(key: string): Promise<Held>;
    dropAddress(): Promise<void>;
  }
  const doors = globalThis as unknown as Doors;
  const bytesOf = (text: string): ArrayBuffer => {
    const plain = text.replace(/-/g, '+').replace(/_/g, '/');
    return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)).buffer;
  };
  const KEPT = 'test push key';
  const subscriptionOf = ({ endpoint, keys }: Held, key: string) => ({
    endpoint,
    options: { applicationServerKey: bytesOf(key) },
    getKey: (name: string) => bytesOf(keys[name] ?? ''),
    unsubscribe: async () => {
      await doors.dropAddress();
      return true;
    },
  });
  Object.assign(globalThis.PushManager?.prototype ?? {}, {
    getSubscription: async () => {
      const held = await doors.heldAddress();
      return held ? subscriptionOf(held, localStorage.getItem(KEPT) ?? '') : null;
    },
    subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array<ArrayBuffer> }) => {
      const text = btoa(String.fromCharCode(...applicationServerKey));
      const key = text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
      localStorage.setItem(KEPT, key);
      return subscriptionOf(await doors.takeAddress(key), key);
    },
  });
};
