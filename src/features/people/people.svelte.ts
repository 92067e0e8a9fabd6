/** Names of people, live: reading a name nobody knows yet asks for it, many at once. */
import { SvelteMap } from 'svelte/reactivity';
import type { City, People } from '#client/city/city.ts';
import { m } from '#messages/paraglide/messages.js';
import type { Profile } from '#protocol/profiles.ts';
import { MINUTE, systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { AskQueue } from './ask-queue.ts';
import { Following } from './following.ts';
import { lookUp } from './lookup.ts';
import type { Reach } from './lookup.ts';
import { rankNames } from './ranking.ts';
import { people } from './tables.ts';
import type { PersonRow } from './tables.ts';

const GATHER_MS = 150;
const BATCH = 100;
const ASK_AGAIN = 10 * MINUTE;

export interface PeopleBookOptions {
  /** May change at any time; asked before each step outside the city. */
  readonly reach?: () => Reach;
  readonly clock?: Clock;
}

/** The address book of everybody seen. `stop` when the session ends. */
export class PeopleBook implements People {
  readonly #city: City;
  readonly #reach: () => Reach;
  readonly #rows = new SvelteMap<string, PersonRow>();
  readonly #queue: AskQueue;
  readonly #following: Following;
  readonly #unwatch: () => void;
  #stopped = false;

  constructor(city: City, { reach = () => 'everywhere', clock = systemClock }: PeopleBookOptions = {}) {
    this.#city = city;
    this.#reach = reach;
    this.#following = new Following(city);
    this.#queue = new AskQueue({
      gather: GATHER_MS,
      again: ASK_AGAIN,
      clock,
      flush: (keys) => void this.#ask(keys),
    });
    this.#unwatch = city.watch([{ table: people.name }], () => void this.#read(this.#queue.asked));
  }

  name(pubkey: string): string {
    return this.profile(pubkey)?.name ?? m.people_someone({ key: pubkey.slice(0, 4) });
  }

  about(pubkey: string): string | undefined {
    return this.profile(pubkey)?.about;
  }

  isKnown(pubkey: string): boolean {
    return this.profile(pubkey) !== undefined;
  }

  /** All that a person says of themselves; undefined until found. Reading it asks, and is safe while drawing. */
  profile(pubkey: string): Profile | undefined {
    const row = this.#rows.get(pubkey);
    if (!row) this.#queue.want(pubkey);
    return row?.profile;
  }

  search(prefix: string, among: readonly string[]): { readonly pubkey: string; readonly name: string }[] {
    const known = among.flatMap((pubkey) => {
      const name = this.profile(pubkey)?.name;
      return name === undefined ? [] : [{ pubkey, name }];
    });
    return rankNames(prefix, known);
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.stop();
    this.#following.stop();
    this.#unwatch();
  }

  async #ask(wanted: readonly string[]): Promise<void> {
    this.#following.add(wanted);
    await this.#read(wanted);
    const unknown = wanted.filter((pubkey) => !this.#rows.has(pubkey));
    for (let start = 0; start < unknown.length && !this.#stopped; start += BATCH) {
      const batch = unknown.slice(start, start + BATCH);
      await lookUp(this.#city, batch, this.#reach);
      await this.#read(batch);
    }
  }

  async #read(pubkeys: readonly string[]): Promise<void> {
    const rows = await this.#city.getMany(people, pubkeys);
    if (this.#stopped) return;
    for (const row of rows)
      if (row && this.#rows.get(row.pubkey)?.id !== row.id) this.#rows.set(row.pubkey, row);
  }
}
