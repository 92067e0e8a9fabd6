/** NIP-77 towards one relay: sets compared in a few messages. A relay that lies, stalls or never ends costs a bounded time. */
import type { Filter } from '#protocol/filters.ts';
import type { ItemSet } from '#protocol/negentropy/item-set.ts';
import { continueReconciliation, openReconciliation } from '#protocol/negentropy/reconcile.ts';
import { parseReason } from '#protocol/reasons.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** Milliseconds without an answer, after which a relay does not speak this, or is gone. A large set takes a while to look up. */
const PATIENCE = 30_000;
/** Milliseconds for all of it. */
const LONGEST = 120_000;
const MOST_ROUNDS = 400;
/** Ids that a relay may name. */
const MOST_NAMED = 50_000;
/** Bytes of a message before it becomes hex: relays take frames of 128 KiB. */
const FRAME = 48_000;

interface Differences {
  /** Ids here that the relay lacks. */
  readonly have: readonly string[];
  /** Ids that the relay names and that are not here. */
  readonly need: readonly string[];
  /** False where it was broken off: there may be more. */
  readonly isWhole: boolean;
}

/** `unsupported`: the relay does not reconcile, or not this; `refused`: in its own words; `unreachable`: no answer. */
type ReconcileFailure = Failure<'unsupported' | 'refused' | 'unreachable'>;
export type ReconcileAnswer = Result<Differences, ReconcileFailure>;

export interface ReconciliationHost {
  send(frame: string): boolean;
  /** Proves a key (NIP-42); true when the relay took it. */
  authenticate(): Promise<boolean>;
  /** Unix milliseconds. */
  now(): number;
}

interface Talk {
  readonly items: ItemSet;
  readonly have: Set<string>;
  readonly need: Set<string>;
  readonly begunAt: number;
  rounds: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  settle(answer: ReconcileAnswer): void;
}

/** What relays say in a NOTICE to a verb they don't know. */
const SHRUG = /neg|unknown|unrecogni|unsupported|not supported|invalid|bad msg|could not parse/i;

export class Reconciliations {
  readonly #host: ReconciliationHost;
  readonly #talks = new Map<string, Talk>();
  #next = 1;
  /** Undefined until this connection has shown it. */
  #isSpoken: boolean | undefined;

  constructor(host: ReconciliationHost) {
    this.#host = host;
  }

  /** How many are under way. */
  get size(): number {
    return this.#talks.size;
  }

  /** Finds the differences within a filter; proves our key and asks once more where the relay wants that. */
  async run(filter: Filter, items: ItemSet): Promise<ReconcileAnswer> {
    const first = await this.#talk(filter, items);
    if (first.ok || parseReason(first.error.message).code !== 'auth-required') return first;
    return (await this.#host.authenticate()) ? this.#talk(filter, items) : first;
  }

  /** A new connection may lead to another relay. */
  opened(): void {
    this.#isSpoken = undefined;
  }

  /** A `NEG-MSG`; one that belongs to nothing is ignored. False for that. */
  answered(id: string, hex: string): boolean {
    const talk = this.#talks.get(id);
    if (!talk) return false;
    this.#isSpoken = true;
    const message = parseHex(hex);
    const step = message.ok ? continueReconciliation(talk.items, message.value, FRAME) : message;
    if (!step.ok) this.#end(id, fail('unsupported', `error: ${step.error.message}`));
    else {
      for (const one of step.value.have) talk.have.add(one);
      for (const one of step.value.need) talk.need.add(one);
      this.#proceed(id, talk, step.value.next);
    }
    return true;
  }

  /** A `NEG-ERR`: the relay's words. */
  refused(id: string, words: string): void {
    const { code } = parseReason(words);
    const isNo = code === 'auth-required' || code === 'restricted';
    this.#end(id, fail(isNo ? 'refused' : 'unsupported', words));
  }

  /** A `NOTICE`: to those who don't know the verb it is all they answer. */
  noticed(words: string): void {
    if (this.#isSpoken || !SHRUG.test(words)) return;
    if (this.#talks.size > 0) this.#isSpoken = false;
    this.#endAll(fail('unsupported', words));
  }

  /** The connection is gone. */
  lost(): void {
    this.#endAll(fail('unreachable', 'the connection is gone'));
  }

  #talk(filter: Filter, items: ItemSet): Promise<ReconcileAnswer> {
    if (this.#isSpoken === false) return Promise.resolve(fail('unsupported', 'it does not reconcile'));
    return new Promise((settle) => {
      const id = `n${this.#next++}`;
      const [have, need] = [new Set<string>(), new Set<string>()];
      const begunAt = this.#host.now();
      const talk: Talk = { items, have, need, begunAt, rounds: 0, timer: undefined, settle };
      this.#talks.set(id, talk);
      this.#send(id, talk, ['NEG-OPEN', id, filter, bytesToHex(openReconciliation(items))]);
    });
  }

  #proceed(id: string, talk: Talk, next: Uint8Array | undefined): void {
    const isTooMuch =
      talk.rounds >= MOST_ROUNDS || talk.need.size > MOST_NAMED || this.#host.now() - talk.begunAt > LONGEST;
    if (next && !isTooMuch) return this.#send(id, talk, ['NEG-MSG', id, bytesToHex(next)]);
    this.#host.send(JSON.stringify(['NEG-CLOSE', id]));
    const need = [...talk.need].slice(0, MOST_NAMED);
    this.#end(id, ok({ have: [...talk.have], need, isWhole: !next && !isTooMuch }));
  }

  #send(id: string, talk: Talk, frame: readonly unknown[]): void {
    talk.rounds += 1;
    clearTimeout(talk.timer);
    talk.timer = setTimeout(() => this.#silent(id), PATIENCE);
    if (!this.#host.send(JSON.stringify(frame))) this.#end(id, fail('unreachable', 'not connected'));
  }

  /** Whoever has never answered does not speak it; whoever has is slow. */
  #silent(id: string): void {
    this.#host.send(JSON.stringify(['NEG-CLOSE', id]));
    const isMute = this.#isSpoken === undefined;
    if (isMute) this.#isSpoken = false;
    this.#end(id, fail(isMute ? 'unsupported' : 'unreachable', 'no answer in time'));
  }

  #end(id: string, answer: ReconcileAnswer): void {
    const talk = this.#talks.get(id);
    this.#talks.delete(id);
    clearTimeout(talk?.timer);
    talk?.settle(answer);
  }

  #endAll(answer: ReconcileAnswer): void {
    for (const id of [...this.#talks.keys()]) this.#end(id, answer);
  }
}
