/**
 * NIP-77: what a peer and the city hold, compared without sending it. One opening is one look into the store, for this peer's
 * eyes only; the messages after it are answered from memory, until it ends, idles or its peer goes.
 */
import type { Filter } from '#protocol/filters.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import { answerReconciliation } from '#protocol/negentropy/reconcile.ts';
import type { RelayMessage } from '#protocol/relay/messages.ts';
import { bytesToHex } from '#shared/bytes.ts';
import type { RelayContext } from './context.ts';
import { LIMITS } from './limits.ts';

export interface ReconciliationPorts {
  /** For quotas. */
  readonly address: string;
  readonly context: Pick<RelayContext, 'lookups' | 'reconciled' | 'reconciledInAll'>;
  say(message: RelayMessage): void;
  /** What this peer may know of that matches, or undefined when that is more than `most`. Throws on I/O. */
  find(filter: Filter, most: number): Promise<readonly Item[] | undefined>;
}

interface Session {
  readonly filter: Filter;
  /** Absent while the store is asked. */
  items: ItemSet | undefined;
  /** Records taken from the quotas. */
  weight: number;
  idle: ReturnType<typeof setTimeout> | undefined;
}

const CITY = 'city';

export class Reconciliations {
  readonly #ports: ReconciliationPorts;
  readonly #sessions = new Map<string, Session>();

  constructor(ports: ReconciliationPorts) {
    this.#ports = ports;
  }

  /** Looks once what there is and answers the first message; one of that name is closed before. Throws on I/O. */
  async open(id: string, filter: Filter, message: Uint8Array): Promise<void> {
    this.close(id);
    if (this.#sessions.size >= LIMITS.reconciliations)
      return this.#refuse(id, `rate-limited: at most ${LIMITS.reconciliations} reconciliations at once`);
    const session: Session = { filter, items: undefined, weight: 0, idle: undefined };
    this.#sessions.set(id, session);
    const found = await this.#look(id, filter);
    if (this.#sessions.get(id) !== session) return;
    if (typeof found === 'string') return this.end(id, found);
    if (!this.#hold(session, found))
      return this.end(id, 'rate-limited: too much is being reconciled; try again in a while');
    this.#answer(id, session, message);
  }

  /** The next message of one that is open. */
  proceed(id: string, message: Uint8Array): void {
    const session = this.#sessions.get(id);
    if (session?.items) this.#answer(id, session, message);
    else this.#refuse(id, 'closed: no such reconciliation is open');
  }

  /** The peer has what it wanted. */
  close(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#sessions.delete(id);
    clearTimeout(session.idle);
    this.#give(session);
  }

  closeAll(): void {
    for (const id of [...this.#sessions.keys()]) this.close(id);
  }

  /** Ends one in words. */
  end(id: string, words: string): void {
    this.close(id);
    this.#refuse(id, words);
  }

  /** Ends those for which there are words now. */
  recheck(refusal: (filter: Filter) => string | undefined): void {
    for (const [id, { filter }] of [...this.#sessions]) {
      const words = refusal(filter);
      if (words !== undefined) this.end(id, words);
    }
  }

  /** What there is, or why that is not said. */
  async #look(id: string, filter: Filter): Promise<readonly Item[] | string> {
    const most = LIMITS.reconciledRecords;
    try {
      const turn = await this.#ports.context.lookups.pass(async () => ({
        found: await this.#ports.find(filter, most),
      }));
      if (!turn) return 'rate-limited: many are reconciling just now; try again in a while';
      return turn.found ?? `blocked: this question covers more than ${most} events; ask for less at once`;
    } catch (cause) {
      this.close(id);
      throw cause;
    }
  }

  #hold(session: Session, found: readonly Item[]): boolean {
    const { address, context } = this.#ports;
    if (!context.reconciled.take(address, found.length)) return false;
    if (!context.reconciledInAll.take(CITY, found.length)) {
      context.reconciled.give(address, found.length);
      return false;
    }
    session.items = new ItemSet(found);
    session.weight = found.length;
    return true;
  }

  #give({ weight }: Session): void {
    const { address, context } = this.#ports;
    context.reconciled.give(address, weight);
    context.reconciledInAll.give(CITY, weight);
  }

  #answer(id: string, session: Session, message: Uint8Array): void {
    if (!session.items) return;
    const answer = answerReconciliation(session.items, message, LIMITS.reconciliationFrame);
    if (!answer.ok) return this.end(id, `invalid: ${answer.error.message}`);
    clearTimeout(session.idle);
    session.idle = setTimeout(
      () => this.end(id, 'closed: nothing was asked for a while'),
      LIMITS.reconciliationIdle * 1000,
    );
    session.idle.unref();
    this.#ports.say(['NEG-MSG', id, bytesToHex(answer.value)]);
  }

  #refuse(id: string, words: string): void {
    this.#ports.say(['NEG-ERR', id, words]);
  }
}
