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
import { people, statuses } from './tables.ts';
import type { PersonRow, StatusRow } from './tables.ts';

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
  readonly #statuses = new SvelteMap<string, StatusRow>();
  readonly #clock: Clock;
  readonly #queue: AskQueue;
  readonly #following: Following;
  readonly #unwatch: () => void;
  #stopped = false;

  constructor(city: City, { reach = () => 'everywhere', clock = systemClock }: PeopleBookOptions = {}) {
    this.#city = city;
    this.#reach = reach;
    this.#clock = clock;
    this.#following = new Following(city);
    this.#queue = new AskQueue({
      gather: GATHER_MS,
      again: ASK_AGAIN,
      clock,
      flush: (keys) => void this.#ask(keys),
    });
    this.#unwatch = city.watch(
      [{ table: people.name }, { table: statuses.name }],
      () => void this.#read(this.#queue.asked),
    );
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

  /** How a person is just now, as they say; undefined: they say nothing. Reactive, except that an end is seen with the next look. */
  status(pubkey: string): string | undefined {
    if (!this.#rows.has(pubkey)) this.#queue.want(pubkey);
    const row = this.#statuses.get(pubkey);
    const isOver = row?.until !== undefined && row.until <= this.#clock.now();
    return isOver ? undefined : row?.text || undefined;
  }

  /** Everybody whose name is known here and fits, best first. */
  async find(prefix: string, most: number): Promise<{ readonly pubkey: string; readonly name: string }[]> {
    const rows = await this.#city.all(people);
    const named = rows.flatMap(({ pubkey, profile: { name } }) => (name ? [{ pubkey, name }] : []));
    return rankNames(prefix, named).slice(0, most);
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
    const [rows, said] = await Promise.all([
      this.#city.getMany(people, pubkeys),
      this.#city.getMany(statuses, pubkeys),
    ]);
    if (this.#stopped) return;
    for (const row of said)
      if (row && this.#statuses.get(row.pubkey)?.id !== row.id) this.#statuses.set(row.pubkey, row);
    for (const row of rows)
      if (row && this.#rows.get(row.pubkey)?.id !== row.id) this.#rows.set(row.pubkey, row);
  }
}
