/** How far the rows know the log, projection by projection: the sealed store's one record of itself. */
import { isRecord } from '#shared/json.ts';
import type { Projection } from '../projection.ts';

interface Known {
  readonly version: number;
  readonly tables: readonly string[];
  /** The last log number that its rows know of. */
  readonly cursor: number;
}

export class ProgressBook {
  readonly #known: Map<string, Known>;

  private constructor(known: Map<string, Known>) {
    this.#known = known;
  }

  /** What a checkpoint kept; nothing known where it is missing or malformed. */
  static parse(value: unknown): ProgressBook {
    const known = new Map<string, Known>();
    if (isRecord(value))
      for (const [name, one] of Object.entries(value))
        if (
          isRecord(one) &&
          typeof one['version'] === 'number' &&
          typeof one['cursor'] === 'number' &&
          Array.isArray(one['tables'])
        )
          known.set(name, {
            version: one['version'],
            cursor: one['cursor'],
            tables: one['tables'].map(String),
          });
    return new ProgressBook(known);
  }

  toJSON(): Record<string, Known> {
    return Object.fromEntries(this.#known);
  }

  /** Takes up this build's projections; gives the tables whose rows are stale: of changed, new and vanished ones. */
  adopt(projections: readonly Projection[], startOver: boolean): string[] {
    const stale = new Set<string>();
    for (const [name, { tables, version }] of [...this.#known]) {
      const now = projections.find((one) => one.name === name);
      if (now?.version === version && !startOver) continue;
      tables.forEach((table) => stale.add(table));
      this.#known.delete(name);
    }
    for (const { name, version, tables } of projections)
      if (!this.#known.has(name)) {
        const names = tables.map((table) => table.name);
        names.forEach((table) => stale.add(table));
        this.#known.set(name, { version, tables: names, cursor: 0 });
      }
    return [...stale];
  }

  /** Those whose rows stand exactly at this number. */
  at(cursor: number, projections: readonly Projection[]): Projection[] {
    return projections.filter(({ name }) => this.#known.get(name)?.cursor === cursor);
  }

  /** The lowest number that any of them stands at. */
  lowest(projections: readonly Projection[]): number {
    return Math.min(...projections.map(({ name }) => this.#known.get(name)?.cursor ?? 0));
  }

  /** These have come to a number. */
  advance(projections: readonly Projection[], cursor: number): void {
    for (const { name } of projections) {
      const known = this.#known.get(name);
      if (known) this.#known.set(name, { ...known, cursor });
    }
  }
}
