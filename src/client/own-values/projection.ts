import { isLater } from '#protocol/lists/values.ts';
import type { Projection } from '../store/projection.ts';
import { ownValueId, ownValues } from './tables.ts';

/** Of each key the latest value, in whatever order they were learnt. */
export const ownValuesProjection: Projection = {
  name: 'own-values',
  version: 1,
  tables: [ownValues as never],
  async project(rows, event) {
    if (event.type !== 'OwnValueSet') return;
    const { shelf, key, at, value } = event;
    const row = { shelf, key, at, ...(value === undefined ? {} : { value }) };
    if (isLater(row, await rows.get(ownValues, ownValueId(shelf, key)))) rows.put(ownValues, row);
  },
};
