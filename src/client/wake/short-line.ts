/** One short talk with a relay: a few questions, answered before a deadline, nothing signed. For when nobody is here who could sign. */
import type { NostrEvent } from '#protocol/event.ts';
import { matchesAny } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import { parseRelayMessage } from '#protocol/relay/messages.ts';
import type { Socket } from '../relays/ports.ts';

/** `complete`: the relay has told all it would; `refused`: it would not, or not without a key; `silent`: it could not be reached in time. */
export interface LineAnswer {
  readonly end: 'complete' | 'refused' | 'silent';
  /** Each once; they match the question, and id and signature hold. */
  readonly events: readonly NostrEvent[];
}

export interface LinePorts {
  readonly sockets: (url: string) => Socket;
  /** True when id and signature hold. */
  readonly verify: (event: NostrEvent) => boolean;
}

/** A relay that sends more than this to one question is not listened to any longer. */
const MOST_EVENTS = 500;

interface Asked {
  readonly filters: readonly Filter[];
  readonly events: Map<string, NostrEvent>;
  readonly settle: (end: LineAnswer['end']) => void;
}

export class ShortLine {
  readonly #ports: LinePorts;
  readonly #socket: Socket | undefined;
  readonly #asked = new Map<string, Asked>();
  readonly #unsent: string[] = [];
  readonly #deadline: ReturnType<typeof setTimeout>;
  #isOpen = false;
  #isOver = false;

  /** Opens at once; whatever has not been answered after `ms` milliseconds is silent. Close it when done. */
  constructor(url: string, ms: number, ports: LinePorts) {
    this.#ports = ports;
    this.#deadline = setTimeout(() => this.close(), ms);
    this.#socket = this.#open(url);
  }

  ask(filters: readonly Filter[]): Promise<LineAnswer> {
    if (this.#isOver) return Promise.resolve({ end: 'silent', events: [] });
    const id = `w${this.#asked.size + 1}`;
    return new Promise((resolve) => {
      const events = new Map<string, NostrEvent>();
      const settle = (end: LineAnswer['end']): void => resolve({ end, events: [...events.values()] });
      this.#asked.set(id, { filters, events, settle });
      this.#send(JSON.stringify(['REQ', id, ...filters]));
    });
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    for (const { settle } of this.#asked.values()) settle('silent');
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #open(url: string): Socket | undefined {
    try {
      const socket = this.#ports.sockets(url);
      socket.onopen = () => this.#opened();
      socket.onmessage = ({ data }) => this.#received(data);
      socket.onclose = () => this.close();
      return socket;
    } catch {
      this.#isOver = true; // an address that cannot be opened here
      return undefined;
    }
  }

  #opened(): void {
    this.#isOpen = true;
    for (const frame of this.#unsent.splice(0)) this.#socket?.send(frame);
  }

  #send(frame: string): void {
    if (this.#isOpen) this.#socket?.send(frame);
    else this.#unsent.push(frame);
  }

  #received(data: unknown): void {
    const message = typeof data === 'string' ? parseRelayMessage(data) : undefined;
    if (!message?.ok) return;
    const [type, id] = message.value;
    const asked = this.#asked.get(id);
    if (!asked) return;
    if (type === 'EVENT') this.#take(asked, message.value[2]);
    else if (type === 'EOSE') asked.settle('complete');
    else if (type === 'CLOSED') asked.settle('refused');
  }

  #take({ filters, events, settle }: Asked, event: NostrEvent): void {
    if (events.has(event.id) || !matchesAny(filters, event) || !this.#ports.verify(event)) return;
    events.set(event.id, event);
    if (events.size >= MOST_EVENTS) settle('complete');
  }
}
