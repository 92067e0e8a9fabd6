/** Values of one's own that devices share, as this device knows them. */
import type { OwnValue } from '#protocol/lists/values.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { defineTable } from '../store/table.ts';

/** What belongs together, and is sealed together. */
export type Shelf = Extract<LocalEvent, { type: 'OwnValueSet' }>['shelf'];

export interface OwnValueRow extends OwnValue {
  readonly shelf: Shelf;
}

/** Part: the shelf. */
export const ownValues = defineTable<OwnValueRow>({
  name: 'own_values',
  id: ({ shelf, key }) => ownValueId(shelf, key),
  part: (row) => row.shelf,
  order: (row) => row.at,
});

/** The id of a value's row. */
export const ownValueId = (shelf: Shelf, key: string): string => `${shelf} ${key}`;

/** Values by their keys, without those that were taken away. */
export const valuesOf = (rows: readonly OwnValue[]): ReadonlyMap<string, string> =>
  new Map(rows.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
