/** One relay: its connection, the questions open on it, the events waiting for an answer, who we are to it. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { ItemSet } from '#protocol/negentropy/item-set.ts';
import { parseReason } from '#protocol/reasons.ts';
import { parseRelayMessage } from '#protocol/relay/messages.ts';
import { Identity } from './identity.ts';
import { Link } from './link.ts';
import type { Authenticator, LinkState, RelayPorts } from './ports.ts';
import { Publications } from './publications.ts';
import type { Outcome } from './publications.ts';
import { Reconciliations } from './reconciliations.ts';
import type { ReconcileAnswer } from './reconciliations.ts';
import { Requests } from './requests.ts';
import type { Request } from './requests.ts';

/** Characters of a frame; ours takes events of 64 KiB. Longer ones are not even parsed. */
const LONGEST_FRAME = 512 * 1024;

export interface RelayOptions {
  readonly url: string;
  readonly ports: RelayPorts;
  /** Proves the person's key as soon as the relay asks, not only when it refuses. For the city's own relay. */
  readonly proveAtOnce?: boolean;
  readonly stateChanged?: (state: LinkState) => void;
}

export class Relay {
  readonly url: string;
  readonly #link: Link;
  readonly #requests: Requests;
  readonly #publications = new Publications();
  readonly #reconciliations: Reconciliations;
  readonly #identity: Identity;
  readonly #proveAtOnce: boolean;
  #nonsense = 0;

  constructor({ url, ports, proveAtOnce = false, stateChanged = () => undefined }: RelayOptions) {
    this.url = url;
    this.#proveAtOnce = proveAtOnce;
    this.#identity = new Identity(url, async (event) => {
      if (!this.#link.send(JSON.stringify(['AUTH', event]))) return false;
      return (await this.#publications.expect(event.id)).outcome === 'accepted';
    });
    this.#requests = new Requests({
      send: (frame) => this.#link.send(frame),
      isOpen: () => this.#link.state === 'open',
      authenticate: () => this.#identity.authenticate(),
      now: ports.now,
    });
    this.#reconciliations = new Reconciliations({
      send: (frame) => this.#link.send(frame),
      authenticate: () => this.#identity.authenticate(),
      now: ports.now,
    });
    this.#link = new Link(url, ports, {
      opened: () => this.#opened(),
      closed: () => this.#lost(),
      received: (frame) => this.#received(frame),
      stateChanged,
      ping: () => JSON.stringify(['REQ', 'ping', { ids: ['0'.repeat(64)], limit: 1 }]),
    });
    this.#link.start();
  }

  get state(): LinkState {
    return this.#link.state;
  }

  /** True while there is no hope of an answer within seconds. */
  get isFailing(): boolean {
    return this.#link.isFailing;
  }

  /** True while nothing is asked of it and nothing waits for its answer. */
  get isIdle(): boolean {
    return this.#requests.size + this.#publications.size + this.#reconciliations.size === 0;
  }

  /** Frames that were not NIP-01, and events that nobody had asked for. */
  get nonsense(): number {
    return this.#nonsense;
  }

  /** Asks, now or once connected. Returns the release. */
  request(request: Request): () => void {
    return this.#requests.add(request);
  }

  /** Sends an event; signs in and sends once more where the relay wants that. `no-answer` at once when not connected. */
  async publish(event: NostrEvent): Promise<Outcome> {
    const first = await this.#send(event);
    const wantsKey = first.outcome === 'refused' && parseReason(first.reason).code === 'auth-required';
    const last = wantsKey && (await this.#identity.authenticate()) ? await this.#send(event) : first;
    if (last.outcome === 'accepted') this.#requests.reconsider();
    return last;
  }

  /** Finds what the relay has of a filter and we have not, and the other way round (NIP-77). */
  reconcile(filter: Filter, items: ItemSet): Promise<ReconcileAnswer> {
    return this.#reconciliations.run(filter, items);
  }

  /** The key that this connection knows us by, proven now where that can be; undefined for nobody. */
  async whoAmI(): Promise<string | undefined> {
    return (await this.#identity.authenticate()) ? this.#identity.pubkey : undefined;
  }

  /** Who signs for us. A connection that knows somebody else's key is opened anew. */
  setAuthenticator(authenticator: Authenticator | undefined): void {
    this.#identity.setAuthenticator(authenticator);
    if (this.#identity.isProven) this.#link.restart();
    else if (authenticator && this.#proveAtOnce) void this.#prove();
    else if (authenticator) this.#requests.identityChanged();
  }

  /** Closes a relay that floods us, and tries again later. */
  pause(): void {
    this.#link.giveUp();
  }

  close(): void {
    this.#link.stop();
    this.#lost();
  }

  #lost(): void {
    this.#publications.lost();
    this.#reconciliations.lost();
  }

  #send(event: NostrEvent): Promise<Outcome> {
    return this.#link.send(JSON.stringify(['EVENT', event]))
      ? this.#publications.expect(event.id)
      : Promise.resolve({ outcome: 'no-answer' });
  }

  #opened(): void {
    this.#identity.connected();
    this.#reconciliations.opened();
    this.#requests.opened();
  }

  async #prove(): Promise<void> {
    if (await this.#identity.authenticate()) this.#requests.identityChanged();
  }

  #received(frame: string): void {
    const message = frame.length > LONGEST_FRAME ? undefined : parseRelayMessage(frame);
    if (!message?.ok) {
      this.#nonsense += 1;
      return;
    }
    const [type, first, second, third] = message.value;
    switch (type) {
      case 'EVENT':
        if (!this.#requests.received(first, second)) this.#nonsense += 1;
        return;
      case 'EOSE':
        return first === 'ping' ? this.#endPing() : this.#requests.complete(first);
      case 'CLOSED':
        return void this.#requests.closed(first, second);
      case 'OK':
        return this.#publications.answered(first, second, third);
      case 'AUTH':
        this.#identity.challenged(first);
        if (this.#proveAtOnce) void this.#prove();
        return;
      case 'NEG-MSG':
        if (!this.#reconciliations.answered(first, second)) this.#nonsense += 1;
        return;
      case 'NEG-ERR':
        return this.#reconciliations.refused(first, second);
      case 'NOTICE':
        return this.#reconciliations.noticed(first);
      case 'COUNT':
    }
  }

  #endPing(): void {
    this.#link.send(JSON.stringify(['CLOSE', 'ping']));
  }
}
