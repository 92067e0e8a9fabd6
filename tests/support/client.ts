/** A plain Nostr client over `ws`, and people with keys: what the relay's stories are told with. */
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { finalizeEvent } from 'nostr-tools/pure';
import { WebSocket } from 'ws';
import { makeAuth } from '#protocol/relay/auth.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { eventId } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import { countLeadingZeroBits, makeNonceTag, requiredWork } from '#protocol/proof-of-work.ts';
import { parseRelayMessage } from '#protocol/relay/messages.ts';
import type { RelayMessage } from '#protocol/relay/messages.ts';

/** Somebody with a key. */
export interface Person {
  readonly secret: Uint8Array;
  readonly pubkey: string;
  /** Signs, with the work that a test city asks (4 bits). `created_at` defaults to now. */
  sign(draft: Draft): NostrEvent;
}

const now = (): number => Math.floor(Date.now() / 1000);

const mine = (draft: Draft, pubkey: string, created_at: number): Draft => {
  const needed = requiredWork(draft, 'test');
  if (needed === 0 || draft.tags.some((tag) => tag[0] === 'nonce')) return draft;
  for (let nonce = 0; ; nonce++) {
    const tags = [...draft.tags, makeNonceTag(String(nonce), needed)];
    if (countLeadingZeroBits(eventId({ ...draft, tags, pubkey, created_at })) >= needed)
      return { ...draft, tags };
  }
};

/** A new person. */
export const makePerson = (): Person => {
  const secret = generateSecretKey();
  const pubkey = getPublicKey(secret);
  const sign = (draft: Draft): NostrEvent => {
    const created_at = draft.created_at ?? now();
    const { kind, tags, content } = mine(draft, pubkey, created_at);
    const { id, sig } = finalizeEvent(
      { kind, created_at, content, tags: tags.map((tag) => [...tag]) },
      secret,
    );
    return { kind, tags, content, created_at, pubkey, id, sig };
  };
  return { secret, pubkey, sign };
};

type Listener = (message: RelayMessage) => boolean;

/** How long a story waits for what must come. */
const PATIENCE_MS = 10_000;

export class Client {
  readonly socket: WebSocket;
  readonly received: RelayMessage[] = [];
  readonly url: string;
  #listeners = new Set<Listener>();
  #next = 1;

  private constructor(url: string, socket: WebSocket) {
    this.url = url;
    this.socket = socket;
    socket.on('message', (data) => {
      const message = parseRelayMessage(String(data));
      if (!message.ok) return;
      this.received.push(message.value);
      for (const listener of [...this.#listeners])
        if (listener(message.value)) this.#listeners.delete(listener);
    });
  }

  /** Connects and waits for the relay's challenge. */
  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Client> {
    const socket = new WebSocket(url, { headers });
    const failed = new Promise<never>((_, reject) => socket.on('error', reject));
    failed.catch(() => undefined); // later ones are told by the socket's end
    const client = new Client(url, socket);
    await Promise.race([client.next(([type]) => type === 'AUTH'), failed]);
    return client;
  }

  /** The next message (or one received already) that passes the test. */
  next(test: (message: RelayMessage) => boolean): Promise<RelayMessage> {
    const known = this.received.find(test);
    return known ? Promise.resolve(known) : this.later(test);
  }

  /** The next message that passes the test, from now on. */
  later(test: (message: RelayMessage) => boolean): Promise<RelayMessage> {
    return new Promise((resolve, reject) => {
      const impatient = setTimeout(() => reject(new Error('the expected message did not come')), PATIENCE_MS);
      this.#listeners.add((message) => {
        if (!test(message)) return false;
        clearTimeout(impatient);
        resolve(message);
        return true;
      });
    });
  }

  /** Sends raw text. */
  raw(frame: string): void {
    this.socket.send(frame);
  }

  /** Sends an event and gives the relay's `OK`: `[accepted, words]`. */
  async publish(event: NostrEvent): Promise<[boolean, string]> {
    const answer = this.later(([type, id]) => type === 'OK' && id === event.id);
    this.raw(JSON.stringify(['EVENT', event]));
    const message = await answer;
    return message[0] === 'OK' ? [message[2], message[3]] : [false, ''];
  }

  /** Proves a person's key (NIP-42); the relay's `OK`. */
  async prove(person: Person): Promise<boolean> {
    const challenge = this.received.find(([type]) => type === 'AUTH')?.[1] ?? '';
    const event = person.sign(makeAuth(this.url, challenge));
    const answer = this.later(([type, id]) => type === 'OK' && id === event.id);
    this.raw(JSON.stringify(['AUTH', event]));
    const message = await answer;
    return message[0] === 'OK' && message[2];
  }

  /** Asks and gives the stored events; a refusal throws the relay's words. The subscription is closed. */
  async find(...filters: readonly Filter[]): Promise<NostrEvent[]> {
    const { id, events } = await this.follow(...filters);
    this.raw(JSON.stringify(['CLOSE', id]));
    return [...events];
  }

  /** Asks and stays: `events` grows as they come. A refusal throws the relay's words. */
  async follow(
    ...filters: readonly Filter[]
  ): Promise<{ readonly id: string; readonly events: NostrEvent[] }> {
    const id = `sub${this.#next++}`;
    const events: NostrEvent[] = [];
    this.#listeners.add((message) => {
      if (message[0] === 'EVENT' && message[1] === id) events.push(message[2]);
      return false;
    });
    const end = this.later(([type, about]) => (type === 'EOSE' || type === 'CLOSED') && about === id);
    this.raw(JSON.stringify(['REQ', id, ...filters]));
    const message = await end;
    if (message[0] === 'CLOSED') throw new Error(message[2]);
    return { id, events };
  }

  /** NIP-45; a refusal throws the relay's words. */
  async count(...filters: readonly Filter[]): Promise<number> {
    const id = `count${this.#next++}`;
    const end = this.later(([type, about]) => (type === 'COUNT' || type === 'CLOSED') && about === id);
    this.raw(JSON.stringify(['COUNT', id, ...filters]));
    const message = await end;
    if (message[0] !== 'COUNT') throw new Error(String(message[2]));
    return message[2].count;
  }

  /** Settles once everything sent before was answered: the relay answers in order of asking. */
  async settled(): Promise<void> {
    await this.find({ ids: ['0'.repeat(64)], limit: 1 });
  }

  /** Settles with the close code when the relay hangs up. */
  closed(): Promise<number> {
    return new Promise((resolve) => this.socket.once('close', (code) => resolve(code)));
  }

  close(): void {
    this.socket.terminate();
  }
}
