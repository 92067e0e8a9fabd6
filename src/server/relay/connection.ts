/** One peer's conversation: its proven keys, its subscriptions, its answers (NIP-01, 42, 45, 77). */
import { err, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import { formatReason } from '#protocol/reasons.ts';
import type { Reason } from '#protocol/reasons.ts';
import { encodeRelayMessage, parseClientMessage } from '#protocol/relay/messages.ts';
import type { ClientMessage, RelayMessage } from '#protocol/relay/messages.ts';
import { groupOf } from '#protocol/tags.ts';
import { checkTalk } from '../ledger/judge.ts';
import { countEvents, findEvents, findItems } from '../store/query.ts';
import { causeOf } from '../telemetry/log.ts';
import { audienceOf, canRead, refusalOf } from './access.ts';
import type { Access } from './access.ts';
import { checkEvent, flawOfProof } from './gate.ts';
import { checkFilters, LIMITS } from './limits.ts';
import type { RelayContext } from './context.ts';
import { Reconciliations } from './reconciliations.ts';
import { refusalOfLength, refusalOfMessage, refusalOfUnread } from './refusals.ts';
import { SLOW_DOWN, TOO_MANY_QUESTIONS, TOO_WIDE, TRY_LATER } from './reasons.ts';
import { Subscription } from './subscription.ts';
import { Turns } from './pace/turns.ts';
import type { Reader } from './pace/unread.ts';

/** The transport's side. */
export interface Peer {
  /** The network address, for rates. */
  readonly address: string;
  /** Hosts under which this peer may have reached us (NIP-42 `relay`). */
  readonly hosts: readonly string[];
  /** Bytes sent and not yet taken. */
  unsent(): number;
  send(frame: string | Buffer): void;
  /** Settles when the peer has taken most of what was sent, or is gone. */
  room(): Promise<void>;
  close(code: number, reason: string): void;
}

export class Connection implements Reader {
  #context: RelayContext;
  #peer: Peer;
  #challenge: string;
  #keys = new Set<string>();
  #subscriptions = new Map<string, Subscription>();
  #reconciliations: Reconciliations;
  #open = true;
  #excess = 0;
  #turns = new Turns(1);

  constructor(context: RelayContext, peer: Peer, challenge: string) {
    this.#context = context;
    this.#peer = peer;
    this.#challenge = challenge;
    this.#reconciliations = new Reconciliations({
      address: peer.address,
      context,
      say: (message) => this.#say(message),
      find: (filter, most) => findItems(context.ports.db, filter, { ...this.#scope(), most }),
    });
  }

  unsent(): number {
    return this.#open ? this.#peer.unsent() : 0;
  }

  /** Lets a peer go that holds too much of what all may hold together. */
  cut(): void {
    if (this.#open) this.#hangUp('rate-limited: too much is unread');
  }

  greet(): void {
    this.#say(['AUTH', this.#challenge]);
  }

  /** Takes one text frame; settles when it is answered. Never throws. */
  async receive(frame: string, size: number): Promise<void> {
    if (!this.#open) return;
    const since = performance.now();
    const allowed = this.#admit();
    if (size > LIMITS.frame) return this.#say(refusalOfLength(frame, size));
    const message = parseClientMessage(frame);
    if (!message.ok) {
      const reason: Reason = allowed ? { code: 'invalid', message: message.error.message } : SLOW_DOWN;
      return this.#say(refusalOfUnread(reason, message.error));
    }
    if (!allowed) return this.#refuse(message.value, SLOW_DOWN, since);
    try {
      await this.#handle(message.value, since);
    } catch (cause) {
      this.#context.ports.log.error(`could not answer a ${message.value.type}`, causeOf(cause));
      this.#refuse(message.value, TRY_LATER, since);
    }
  }

  #refuse(message: ClientMessage, reason: Reason, since: number): void {
    if (message.type === 'EVENT') this.#settle(message.event, false, formatReason(reason), since);
    else this.#say(refusalOfMessage(message, reason));
  }

  #settle(event: NostrEvent, accepted: boolean, words: string, since: number): void {
    this.#context.ports.numbers.event(event.kind, accepted, words, since);
    this.#say(['OK', event.id, accepted, words]);
  }

  /** Binary frames are no part of the protocol. */
  refuseBinary(): void {
    if (!this.#open) return;
    this.#admit();
    this.#say(['NOTICE', 'invalid: send text frames']);
  }

  /** Counts a message of any sort; one who goes on and on beyond the pace is told so once more and let go. */
  #admit(): boolean {
    const { limiters, counters } = this.#context;
    counters.received += 1;
    const allowed = limiters.messages.take(this.#peer.address);
    this.#excess = Math.max(0, this.#excess + (allowed ? -1 : 1));
    if (this.#excess > LIMITS.excess) this.#hangUp('rate-limited: far too many messages');
    return allowed;
  }

  #hangUp(reason: string): void {
    this.#open = false;
    this.#peer.close(1008, reason);
  }

  /** Ends live subscriptions and reconciliations that name a place which these keys may not read any more. */
  recheck(places: readonly string[]): void {
    const reasonAgainst = (filters: readonly Filter[]): Reason | undefined =>
      filters.some((filter) => filter['#h']?.some((id) => places.includes(id)))
        ? refusalOf(filters, this.#keys, this.#access())
        : undefined;
    for (const subscription of [...this.#subscriptions.values()]) {
      const reason = reasonAgainst(subscription.filters);
      if (reason) this.#endSubscription(subscription, reason);
    }
    this.#reconciliations.recheck((filter) => {
      const reason = reasonAgainst([filter]);
      return reason && formatReason(reason);
    });
  }

  end(): void {
    this.#open = false;
    for (const subscription of this.#subscriptions.values()) this.#drop(subscription);
    this.#reconciliations.closeAll();
  }

  #access(): Access {
    const { directory, operators } = this.#context.ports;
    return { places: directory, operators };
  }

  async #handle(message: ClientMessage, since: number): Promise<void> {
    switch (message.type) {
      case 'EVENT':
        return this.#event(message.event, since);
      case 'REQ':
        return this.#request(message.subscription, message.filters, since);
      case 'COUNT':
        return this.#count(message.subscription, message.filters);
      case 'AUTH':
        return this.#authenticate(message.event);
      case 'NEG-OPEN':
      case 'NEG-MSG':
        return this.#reconcile(message);
      case 'NEG-CLOSE':
        return this.#reconciliations.close(message.subscription);
      case 'CLOSE': {
        const subscription = this.#subscriptions.get(message.subscription);
        if (subscription) this.#drop(subscription);
      }
    }
  }

  async #event(event: NostrEvent, since: number): Promise<void> {
    const { ports, pace, counters } = this.#context;
    const { address, hosts } = this.#peer;
    const checked = checkEvent(event, this.#keys, ports.clock.now(), { ...ports, pace, address, hosts });
    if (!checked.ok) {
      counters.refused += 1;
      return this.#settle(event, false, formatReason(checked.error), since);
    }
    if (kinds.isEphemeral(event.kind)) return this.#pass(event, since);
    const verdict = await ports.ledger.submit(event);
    counters[verdict.accepted ? 'accepted' : 'refused'] += 1;
    this.#settle(event, verdict.accepted, verdict.message, since);
  }

  /** Ephemeral events are judged by their place and passed on, never stored. */
  async #pass(event: NostrEvent, since: number): Promise<void> {
    const { ports, live } = this.#context;
    const place = groupOf(event);
    if (place !== undefined) await ports.fresh();
    const talk = place === undefined ? ok(true) : checkTalk(ports.directory.get(place), event, ports);
    if (talk.ok) {
      live.deliver(event);
      ports.pass(event);
    }
    this.#settle(event, talk.ok, talk.ok ? '' : formatReason(talk.error), since);
  }

  /** `others`: subscriptions that are open beside this question. */
  #checkQuestion(filters: readonly Filter[], others: number): Result<true, Reason> {
    if (!this.#context.limiters.questions.take(this.#peer.address, Math.max(1, filters.length)))
      return err(TOO_MANY_QUESTIONS);
    const checked = checkFilters(filters, others);
    if (!checked.ok) return checked;
    const refusal = refusalOf(filters, this.#keys, this.#access());
    return refusal ? err(refusal) : ok(true);
  }

  #othersThan(id: string): number {
    return this.#subscriptions.size - (this.#subscriptions.has(id) ? 1 : 0);
  }

  async #request(id: string, filters: readonly Filter[], since: number, known = false): Promise<void> {
    const before = this.#subscriptions.get(id);
    if (before) this.#drop(before);
    const checked = this.#checkQuestion(filters, this.#othersThan(id));
    if (!checked.ok && !known && checked.error.code === 'restricted') {
      await this.#context.ports.fresh(); // another process may have let them in a moment ago
      return this.#request(id, filters, since, true);
    }
    if (!checked.ok) return this.#say(['CLOSED', id, formatReason(checked.error)]);
    const subscription = new Subscription(id, filters, {
      send: (frame) => this.#write(frame),
      room: () => this.#room(),
      mayRead: (event) => canRead(event, this.#keys, this.#access()),
    });
    if (!this.#context.watched.take(this.#peer.address, subscription.weight))
      return this.#say(['CLOSED', id, formatReason(TOO_WIDE)]);
    this.#subscriptions.set(id, subscription);
    this.#context.live.add(subscription);
    try {
      await this.#turns.run('', () => this.#answer(subscription));
      this.#context.ports.numbers.question(since);
    } catch (cause) {
      this.#drop(subscription);
      throw cause;
    }
  }

  /** One answer at a time: what a peer has not taken yet of one is all that waits in memory. */
  async #answer(subscription: Subscription): Promise<void> {
    if (this.#subscriptions.get(subscription.id) !== subscription) return; // closed or asked anew meanwhile
    const scope = { most: LIMITS.limit, mostText: LIMITS.answer };
    const { ports, turns } = this.#context;
    const stored = await turns.run(this.#peer.address, () =>
      findEvents(ports.db, subscription.filters, { ...this.#scope(), ...scope }),
    );
    await ports.fresh(); // who may read what, and nothing of this twice: it is known before anything is sent
    await subscription.start(stored);
  }

  async #count(id: string, filters: readonly Filter[]): Promise<void> {
    await this.#context.ports.fresh();
    const checked = this.#checkQuestion(filters, this.#othersThan(id));
    if (!checked.ok) return this.#say(['CLOSED', id, formatReason(checked.error)]);
    const { ports, turns } = this.#context;
    const count = await turns.run(this.#peer.address, () => countEvents(ports.db, filters, this.#scope()));
    this.#say(['COUNT', id, { count }]);
  }

  /** Every message is a question for its pace; who may ask what is decided at the opening, as for a REQ. */
  async #reconcile(message: Extract<ClientMessage, { type: 'NEG-OPEN' | 'NEG-MSG' }>): Promise<void> {
    const { subscription: id } = message;
    if (message.type === 'NEG-OPEN') await this.#context.ports.fresh();
    const checked = this.#checkQuestion(message.type === 'NEG-OPEN' ? [message.filter] : [], 0);
    if (!checked.ok) return this.#reconciliations.end(id, formatReason(checked.error));
    if (message.type === 'NEG-OPEN' && message.filter.search !== undefined)
      return this.#reconciliations.end(id, 'unsupported: what is searched for is not reconciled');
    if (message.type === 'NEG-MSG') return this.#reconciliations.proceed(id, message.message);
    await this.#reconciliations.open(id, message.filter, message.message);
  }

  #scope() {
    const { directory, operators, clock } = this.#context.ports;
    return { audience: audienceOf(directory, this.#keys, operators), now: clock.now() };
  }

  #authenticate(event: NostrEvent): void {
    const { verifier, clock } = this.#context.ports;
    const expected = { challenge: this.#challenge, hosts: this.#peer.hosts, now: clock.now() };
    const flaw = flawOfProof(event, this.#keys, expected, verifier);
    if (flaw !== undefined) return this.#say(['OK', event.id, false, `invalid: ${flaw}`]);
    this.#keys.add(event.pubkey);
    this.#say(['OK', event.id, true, '']);
  }

  #endSubscription(subscription: Subscription, reason: Reason): void {
    this.#drop(subscription);
    this.#say(['CLOSED', subscription.id, formatReason(reason)]);
  }

  #drop(subscription: Subscription): void {
    subscription.stop();
    if (this.#subscriptions.get(subscription.id) !== subscription) return;
    this.#subscriptions.delete(subscription.id);
    this.#context.live.remove(subscription);
    this.#context.watched.give(this.#peer.address, subscription.weight);
  }

  #say(message: RelayMessage): void {
    this.#write(encodeRelayMessage(message));
  }

  /** A reader that lets too much pile up is closed, not buffered without end. */
  #write(frame: string | Buffer): boolean {
    if (!this.#open) return false;
    if (this.#peer.unsent() > LIMITS.unsent) {
      this.#hangUp(`rate-limited: more than ${LIMITS.unsent} bytes unread`);
      return false;
    }
    this.#context.unread.add(frame.length);
    if (!this.#open) return false; // cut just now
    this.#context.counters.sent += 1;
    this.#peer.send(frame);
    return true;
  }

  #room(): Promise<void> {
    return this.#open ? this.#peer.room() : Promise.resolve();
  }
}
