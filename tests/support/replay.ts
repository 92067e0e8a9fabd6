/**
 * The promise that tables are the log's shadow, as a property: however relays deliver, in whatever batches, live or
 * replayed, the rows are the same. A feature's test hands in its projection and local events that belong together.
 *
 *     test('replay = live', () => checkReplay([chatProjection], fc.array(anyLocalEvent)));
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { LocalEvent } from '../../src/client/store/local-events.ts';
import { logKey } from '../../src/client/store/log-keys.ts';
import type { Projection } from '../../src/client/store/projection.ts';
import type { StoredRow } from '../../src/client/store/rows.ts';
import { MemoryRows } from './memory-rows.ts';

/** The rows after a history; events that a log would not take twice are left out. */
const rowsAfter = async (
  projections: readonly Projection[],
  batches: readonly (readonly LocalEvent[])[],
): Promise<StoredRow[]> => (await shadowAfter(projections, batches)).dump();

const shadowAfter = async (
  projections: readonly Projection[],
  batches: readonly (readonly LocalEvent[])[],
): Promise<MemoryRows> => {
  const memory = new MemoryRows(projections);
  const known = new Set<string>();
  const isNew = (event: LocalEvent): boolean => {
    const key = logKey(event);
    return key === undefined || (!known.has(key) && known.add(key).size > 0);
  };
  for (const batch of batches) await memory.apply(...batch.filter(isNew));
  return memory;
};

/** The rows that the log gives as it is kept after a history, words forgotten on the way. */
const rebuiltAfter = async (
  projections: readonly Projection[],
  batches: readonly (readonly LocalEvent[])[],
): Promise<StoredRow[]> => {
  const { kept } = await shadowAfter(projections, batches);
  return rowsAfter(projections, [kept]);
};

/** Cuts a list at fractions of its length. */
const cut = <T>(list: readonly T[], places: readonly number[]): T[][] => {
  const ends = [...places.map((place) => Math.floor(place * list.length)), list.length].sort((a, b) => a - b);
  return ends.map((end, index) => list.slice(ends[index - 1] ?? 0, end));
};

const isDelivered = (event: LocalEvent): boolean => event.type === 'RelayEventSeen';

/** Delivered events take new places among each other; what this device did itself keeps its place. */
const redeliver = (events: readonly LocalEvent[], shuffle: readonly number[]): LocalEvent[] => {
  const delivered = events.filter(isDelivered);
  const shuffled = delivered
    .map((event, index) => ({ event, weight: shuffle[index % Math.max(1, shuffle.length)] ?? 0, index }))
    .sort((a, b) => a.weight - b.weight || b.index - a.index)
    .map(({ event }) => event);
  return events.map((event) => (isDelivered(event) ? (shuffled.shift() ?? event) : event));
};

export interface ReplayOptions {
  readonly runs?: number;
  /** False where the order of delivery is meant to matter; then only batching is tried. */
  readonly anyOrder?: boolean;
}

/**
 * Checks for any history: same rows in one batch, in many, one by one, delivered twice, in any order of delivery, and rebuilt from a
 * log that has lost the words of what was forgotten.
 */
export const checkReplay = async (
  projections: readonly Projection[],
  histories: fc.Arbitrary<readonly LocalEvent[]>,
  { runs = 100, anyOrder = true }: ReplayOptions = {},
): Promise<void> => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  const places = fc.array(fraction, { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      histories,
      places,
      fc.array(fraction, { minLength: 1, maxLength: 50 }),
      async (events, at, shuffle) => {
        const live = await rowsAfter(
          projections,
          events.map((event) => [event]),
        );
        expect(await rowsAfter(projections, [events]), 'in one batch').toEqual(live);
        expect(await rowsAfter(projections, cut(events, at)), 'in batches').toEqual(live);
        expect(await rowsAfter(projections, [events, events.filter(isDelivered)]), 'delivered twice').toEqual(
          live,
        );
        expect(
          await rebuiltAfter(projections, cut(events, at)),
          'rebuilt without what was forgotten',
        ).toEqual(live);
        if (!anyOrder) return;
        const other = redeliver(events, shuffle);
        expect(await rowsAfter(projections, cut(other, at)), 'delivered in another order').toEqual(live);
        expect(await rebuiltAfter(projections, cut(other, at)), 'rebuilt after another order').toEqual(live);
      },
    ),
    { numRuns: runs },
  );
};
