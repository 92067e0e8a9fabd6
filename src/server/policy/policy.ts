/** Who may write here at all, by decision of the operators: asked before anything costly is done for an event. */
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Reason } from '#protocol/reasons.ts';
import type { Database } from '../db/database.ts';
import { NO_RULES, readRules } from './rules.ts';
import type { CitySettings, Rules } from './rules.ts';

export interface PolicyPorts {
  readonly db: Database;
  /** Never kept out, whatever the tables say. */
  readonly operators: ReadonlySet<string>;
  /** The city's own key, likewise. */
  readonly self: string;
}

const BANNED: Reason = { code: 'blocked', message: 'the operators of this city have banned this key' };
const TAKEN: Reason = { code: 'blocked', message: 'the operators of this city have taken this away' };
const NOT_LISTED: Reason = { code: 'restricted', message: 'only keys on the list of this city write here' };
const PROVE: Reason = {
  code: 'auth-required',
  message: 'only keys on the list of this city write here; prove yours',
};

/** Letters are signed by keys that nobody knows: who brings one is asked instead. */
const isLetter = (kind: number): boolean => kind === kinds.GIFT_WRAP || kind === kinds.EPHEMERAL_GIFT_WRAP;

/** The decisions in memory. They change by `reload`: after a change here, at another process's word, and now and then. */
export class CityPolicy {
  #ports: PolicyPorts;
  #rules: Rules = NO_RULES;
  #listeners: (() => void)[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(ports: PolicyPorts) {
    this.#ports = ports;
  }

  get settings(): CitySettings {
    return this.#rules.settings;
  }

  /** Reads the decisions anew; readings follow one another, so the last one begun is the last one in force. Throws on I/O. */
  reload(): Promise<void> {
    const turn = this.#reading.then(async () => {
      this.#rules = await readRules(this.#ports.db);
      for (const listener of this.#listeners) listener();
    });
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  /** Hears after every reading. */
  watch(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Operators and the city itself are never kept out. */
  isSafe(pubkey: string): boolean {
    return pubkey === this.#ports.self || this.#ports.operators.has(pubkey);
  }

  isBlocked(address: string): boolean {
    return this.#rules.addresses.has(address);
  }

  /** Why an event may not be written by somebody who has proven these keys; needs no signature. */
  refusalOf(event: NostrEvent, keys: ReadonlySet<string>): Reason | undefined {
    const { bannedEvents, disallowedKinds, settings } = this.#rules;
    if (bannedEvents.has(event.id)) return TAKEN;
    if (this.#isBanned(event.pubkey) || [...keys].some((key) => this.#isBanned(key))) return BANNED;
    if (disallowedKinds.has(event.kind) && !this.isSafe(event.pubkey))
      return { code: 'blocked', message: `this city takes no events of kind ${event.kind}` };
    return settings.allowListOnly ? this.#refusalByList(event, keys) : undefined;
  }

  /** Why a key may have nothing of its own here (a name); undefined: it may. */
  refusalOfKey(pubkey: string): Reason | undefined {
    if (this.#isBanned(pubkey)) return BANNED;
    return this.#rules.settings.allowListOnly && !this.#isListed(pubkey) ? NOT_LISTED : undefined;
  }

  #isBanned(key: string): boolean {
    return this.#rules.bannedKeys.has(key) && !this.isSafe(key);
  }

  #isListed(key: string): boolean {
    return this.#rules.allowedKeys.has(key) || this.isSafe(key);
  }

  #refusalByList({ kind, pubkey }: NostrEvent, keys: ReadonlySet<string>): Reason | undefined {
    if (this.#isListed(pubkey)) return undefined;
    if (!isLetter(kind)) return NOT_LISTED;
    if ([...keys].some((key) => this.#isListed(key))) return undefined;
    return keys.size === 0 ? PROVE : NOT_LISTED;
  }
}
