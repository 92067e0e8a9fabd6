/**
 * What other processes of the city commit to the same database. Writers take turns, so `events.id` is one sequence in
 * the order of the commits: reading on from the last number seen misses nothing, whatever became of a message about it.
 */
import type { NostrEvent } from '#protocol/event.ts';
import type { Database } from '../db/database.ts';
import { evolve, isCanonical } from '../groups/evolve.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import { loadSince } from '../store/log.ts';
import type { Logged } from '../store/log.ts';
import { placeOf } from '../store/rows.ts';

const PAGE = 500;

export interface FollowerPorts {
  readonly db: Database;
  readonly directory: GroupDirectory;
  /** The city's own key. */
  readonly own: string;
  /** Hears the others' events in order, after the places have changed. */
  readonly hear: (events: readonly NostrEvent[], changed: readonly string[]) => void;
}

export class Follower {
  #ports: FollowerPorts;
  #seen = 0;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
  }

  /** The last number of the sequence that is known here. */
  get seen(): number {
    return this.#seen;
  }

  /** What was read or written up to here is known without being followed. */
  moveTo(number: number): void {
    this.#seen = Math.max(this.#seen, number);
  }

  /** Settles when everything is known here that was committed before the call; many calls share one question. Throws on I/O. */
  fresh(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = this.catchUp(this.#ports.db);
        return this.#running;
      });
    return this.#next;
  }

  /** Takes over what was committed since; `db` may be a transaction that holds the writers' turn. Throws on I/O. */
  async catchUp(db: Database): Promise<void> {
    for (;;) {
      const rows = await loadSince(db, this.#seen, PAGE);
      this.#take(rows.filter(({ number }) => number > this.#seen));
      if (rows.length < PAGE) return;
    }
  }

  #take(rows: readonly Logged[]): void {
    const last = rows.at(-1);
    if (!last) return;
    const changed = new Set<string>();
    for (const { event } of rows) this.#learn(event, changed);
    this.#seen = last.number;
    this.#ports.hear(
      rows.map(({ event }) => event),
      [...changed],
    );
  }

  #learn(event: NostrEvent, changed: Set<string>): void {
    const { directory, own } = this.#ports;
    const place = placeOf(event);
    if (place === undefined) return;
    if (event.pubkey === own) directory.stamp(place, event.created_at);
    if (!isCanonical(event.kind)) return;
    const state = evolve(directory.get(place), event);
    if (!state) return;
    directory.put(state);
    changed.add(place);
  }
}
