/** Watches what follows its person, and sets it as values that their other devices share. */
import type { City } from '#client/city/city.ts';
import type { OwnValues } from '#client/own-values/own-values.ts';
import { ownValues } from '#client/own-values/tables.ts';
import { syncSources } from './sources.ts';
import type { SyncSource } from './sources.ts';

interface OwnSyncPorts {
  readonly city: Pick<City, 'all' | 'part' | 'watch'>;
  readonly values: Pick<OwnValues, 'set'>;
  /** Milliseconds that changes are gathered. */
  readonly gather?: number;
}

const GATHER_MS = 3_000;

export class OwnSync {
  readonly #ports: OwnSyncPorts;
  readonly #timers = new Map<SyncSource, ReturnType<typeof setTimeout>>();

  constructor(ports: OwnSyncPorts) {
    this.#ports = ports;
  }

  /** Follows while somebody is here. Returns the way to stop. */
  start(): () => void {
    const stops = syncSources.map((source) => {
      this.#soon(source);
      return this.#ports.city.watch(
        [{ table: ownValues.name, part: source.shelf }, ...source.tables.map((table) => ({ table }))],
        () => this.#soon(source),
      );
    });
    return () => {
      stops.forEach((stop) => stop());
      this.#timers.forEach((timer) => clearTimeout(timer));
      this.#timers.clear();
    };
  }

  #soon(source: SyncSource): void {
    if (this.#timers.has(source)) return;
    const gather = this.#ports.gather ?? GATHER_MS;
    this.#timers.set(
      source,
      setTimeout(() => {
        this.#timers.delete(source);
        void this.#sweep(source);
      }, gather),
    );
  }

  /** What stands here differently than it was last shared was changed here: what others set is done here in the same breath. */
  async #sweep({ shelf, read }: SyncSource): Promise<void> {
    const { city, values } = this.#ports;
    const [here, rows] = await Promise.all([read(city), city.part(ownValues, { part: shelf })]);
    const shared = new Map(rows.map(({ key, value }) => [key, value]));
    for (const [key, value] of here) if (shared.get(key) !== value) await values.set(shelf, key, value);
  }
}
