/** Questions and answers over a line that everybody hears: each end has an address, and passes over what is not for it. */
import { isRecord } from '#shared/json.ts';

/** A way to say things to others and to hear them: a `BroadcastChannel`, a port. Values are cloned on the way. */
export interface Line {
  say(message: unknown): void;
  /** Returns the way to stop hearing. */
  hear(ear: (message: unknown) => void): () => void;
  close(): void;
}

/** Whoever was asked is not there any more. */
export class GoneError extends Error {
  constructor() {
    super('whoever was asked is gone');
    this.name = 'GoneError';
  }
}

export interface DeskEars {
  /** A question; what is thrown goes back as an error. */
  answer(from: string, method: string, args: readonly unknown[]): unknown;
  /** Something said without waiting for an answer. */
  told(from: string, topic: string, value: unknown): void;
}

interface Pending {
  readonly to: string;
  resolve(value: unknown): void;
  reject(cause: unknown): void;
}

/** To everybody on the line. */
const ALL = '*';

export class Desk {
  readonly address: string;
  readonly #line: Line;
  readonly #ears: DeskEars;
  readonly #pending = new Map<number, Pending>();
  readonly #stop: () => void;
  #next = 1;

  constructor(line: Line, address: string, ears: DeskEars) {
    this.address = address;
    this.#line = line;
    this.#ears = ears;
    this.#stop = line.hear((message) => this.#hear(message));
  }

  /** Asks somebody; throws what the other threw, or `GoneError` once the other was given up. */
  ask(to: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const n = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(n, { to, resolve, reject });
      try {
        this.#say({ to, type: 'ask', n, method, args });
      } catch (cause) {
        this.#pending.delete(n);
        reject(cause);
      }
    });
  }

  /** Says something to one, or to everybody else. */
  tell(topic: string, value: unknown, to = ALL): void {
    this.#say({ to, type: 'tell', topic, value });
  }

  /** Whoever has this address will not answer any more. */
  giveUp(address: string): void {
    for (const [n, { to, reject }] of this.#pending)
      if (to === address) {
        this.#pending.delete(n);
        reject(new GoneError());
      }
  }

  close(): void {
    this.#stop();
    this.#line.close();
    for (const { reject } of this.#pending.values()) reject(new GoneError());
    this.#pending.clear();
  }

  #say(message: Readonly<Record<string, unknown>>): void {
    this.#line.say({ ...message, from: this.address });
  }

  #hear(message: unknown): void {
    if (!isRecord(message)) return;
    const { to, from, type } = message;
    if (typeof from !== 'string' || from === this.address || (to !== this.address && to !== ALL)) return;
    if (type === 'ask') void this.#answer(from, message);
    else if (type === 'tell') this.#ears.told(from, String(message['topic']), message['value']);
    else if (type === 'answer') this.#settle(from, message);
  }

  async #answer(from: string, { n, method, args }: Readonly<Record<string, unknown>>): Promise<void> {
    const reply = { to: from, type: 'answer', n };
    try {
      const value = await this.#ears.answer(from, String(method), Array.isArray(args) ? args : []);
      this.#say({ ...reply, value });
    } catch (cause) {
      const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
      this.#say({ ...reply, error: { name, message } });
    }
  }

  #settle(from: string, { n, value, error }: Readonly<Record<string, unknown>>): void {
    const pending = this.#pending.get(Number(n));
    if (!pending || pending.to !== from) return;
    this.#pending.delete(Number(n));
    if (!isRecord(error)) return pending.resolve(value);
    const cause = new Error(String(error['message']));
    cause.name = String(error['name']);
    pending.reject(cause);
  }
}
