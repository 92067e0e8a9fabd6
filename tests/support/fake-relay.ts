/**
 * Relays in memory behind the socket port: well-behaved by default (NIP-01, NIP-42 if wanted), and able to lie, fall
 * silent, flood and die. Frames travel in microtasks, so fake timers do not hold them up.
 */
import type { NostrEvent } from '../../src/protocol/event.ts';
import { matchesAny } from '../../src/protocol/filters.ts';
import type { Filter } from '../../src/protocol/filters.ts';
import type { Network, RelayPorts, Socket } from '../../src/client/relays/ports.ts';

type Frame = readonly unknown[];

/** One client's connection, seen from the relay. */
export class FakeConnection implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  /** Everything the client sent. */
  readonly received: Frame[] = [];
  readonly subscriptions = new Map<string, readonly Filter[]>();
  isOpen = false;
  /** Set once a client has proven its key. */
  pubkey: string | undefined;
  readonly #relay: FakeRelay;

  constructor(relay: FakeRelay) {
    this.#relay = relay;
    queueMicrotask(() => this.#relay.connected(this));
  }

  send(text: string): void {
    const frame = JSON.parse(text) as Frame;
    this.received.push(frame);
    queueMicrotask(() => this.isOpen && this.#relay.handle(this, frame));
  }

  close(): void {
    this.isOpen = false;
    this.#relay.connections.delete(this);
  }

  /** Sends a frame to the client; a string goes as it is. */
  tell(frame: Frame | string): void {
    if (this.isOpen) this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  /** The relay breaks the connection. */
  die(): void {
    this.close();
    this.onclose?.();
  }
}

export class FakeRelay {
  readonly url: string;
  readonly events: NostrEvent[] = [];
  readonly connections = new Set<FakeConnection>();
  /** Frames of every connection so far, in order. */
  readonly heard: Frame[] = [];
  /** How many connections were tried. */
  attempts = 0;
  isDown = false;
  /** Takes everything and answers nothing. */
  isSilent = false;
  /** Sent with each new connection, when set. */
  challenge: string | undefined;
  /** What is said to an event; undefined says nothing. */
  answer: (event: NostrEvent, connection: FakeConnection) => readonly [boolean, string] | undefined = () => [
    true,
    '',
  ];
  /** Words of a `CLOSED`, where a question is not welcome. */
  refuse: (filters: readonly Filter[], connection: FakeConnection) => string | undefined = () => undefined;

  constructor(url: string) {
    this.url = url;
  }

  /** The connection that came last. */
  get connection(): FakeConnection {
    const last = [...this.connections].at(-1);
    if (!last) throw new Error(`nobody is connected to ${this.url}`);
    return last;
  }

  /** Verbs heard, e.g. `REQ`. */
  count(verb: string): number {
    return this.heard.filter((frame) => frame[0] === verb).length;
  }

  /** Stores an event and sends it to whoever asked for its like. */
  publish(event: NostrEvent): void {
    if (this.events.some(({ id }) => id === event.id)) return;
    this.events.push(event);
    for (const connection of this.connections)
      for (const [id, filters] of connection.subscriptions)
        if (matchesAny(filters, event)) connection.tell(['EVENT', id, event]);
  }

  dieAll(): void {
    for (const connection of [...this.connections]) connection.die();
  }

  connected(connection: FakeConnection): void {
    this.attempts += 1;
    if (this.isDown) return connection.onclose?.();
    this.connections.add(connection);
    connection.isOpen = true;
    connection.onopen?.();
    if (this.challenge !== undefined) connection.tell(['AUTH', this.challenge]);
  }

  handle(connection: FakeConnection, frame: Frame): void {
    this.heard.push(frame);
    if (this.isSilent) return;
    const [verb, first] = frame;
    if (verb === 'EVENT') this.#take(connection, first as NostrEvent);
    else if (verb === 'AUTH') this.#authenticate(connection, first as NostrEvent);
    else if (verb === 'CLOSE') connection.subscriptions.delete(first as string);
    else if (verb === 'REQ') this.#ask(connection, first as string, frame.slice(2) as Filter[]);
  }

  #take(connection: FakeConnection, event: NostrEvent): void {
    const isKnown = this.events.some(({ id }) => id === event.id);
    const answer = isKnown ? ([true, 'duplicate: known'] as const) : this.answer(event, connection);
    if (answer?.[0]) this.publish(event);
    if (answer) connection.tell(['OK', event.id, ...answer]);
  }

  #authenticate(connection: FakeConnection, event: NostrEvent): void {
    const isRight = event.tags.some((tag) => tag[0] === 'challenge' && tag[1] === this.challenge);
    if (isRight) connection.pubkey = event.pubkey;
    connection.tell(['OK', event.id, isRight, isRight ? '' : 'restricted: another challenge']);
  }

  #ask(connection: FakeConnection, id: string, filters: readonly Filter[]): void {
    const refusal = this.refuse(filters, connection);
    if (refusal !== undefined) return connection.tell(['CLOSED', id, refusal]);
    connection.subscriptions.set(id, filters);
    const sent = new Set<NostrEvent>();
    for (const filter of filters)
      for (const event of [...this.events]
        .filter((one) => matchesAny([filter], one))
        .sort((a, b) => b.created_at - a.created_at)
        .slice(0, filter.limit ?? Infinity))
        sent.add(event);
    for (const event of sent) connection.tell(['EVENT', id, event]);
    connection.tell(['EOSE', id]);
  }
}

/** A network of fake relays, which can be cut. */
export class FakeNet implements Network {
  readonly relays = new Map<string, FakeRelay>();
  readonly #watchers = new Set<() => void>();
  #online = true;

  /** The relay of an address, made when first named. */
  at(url: string): FakeRelay {
    const relay = this.relays.get(url) ?? new FakeRelay(url);
    this.relays.set(url, relay);
    return relay;
  }

  isOnline(): boolean {
    return this.#online;
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  setOnline(online: boolean): void {
    this.#online = online;
    this.#watchers.forEach((changed) => changed());
  }

  /** Ports for a client; jitter always in the middle. */
  get ports(): RelayPorts {
    return {
      sockets: (url) => new FakeConnection(this.at(url)),
      network: this,
      random: () => 0.5,
      now: () => Date.now(),
    };
  }
}
