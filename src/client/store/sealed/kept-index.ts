/** A hash index on the disk, bucket by bucket. */
import { BUCKETS } from '../pages/hash-index.ts';
import type { HashIndex } from '../pages/hash-index.ts';
import type { Disk, MetaRecord } from './disk.ts';
import type { Vessel } from './vessel.ts';

const nameOf = (index: string, bucket: number): string => `${index} ${bucket}`;

/** The buckets that changed, as records. */
export const saveIndex = (index: HashIndex, name: string, vessel: Vessel): Promise<MetaRecord[]> =>
  Promise.all(
    index.changes().map(async ({ bucket, entries }) => {
      const key = nameOf(name, bucket);
      return { name: key, sealed: await vessel.putWords({ table: 'meta', key }, entries) };
    }),
  );

/** Fills an index from its records; false where one is damaged. */
export const loadIndex = async (
  index: HashIndex,
  name: string,
  { disk, vessel }: { readonly disk: Disk; readonly vessel: Vessel },
): Promise<boolean> => {
  const records = await disk.meta(`${name} `);
  const loaded = await Promise.all(
    records.map(async ({ name: key, sealed }) => {
      const bucket = Number(key.slice(name.length + 1));
      const words = await vessel.takeWords({ table: 'meta', key }, sealed);
      if (!words.ok || !(bucket >= 0 && bucket < BUCKETS)) return false;
      index.load(bucket, words.value);
      return true;
    }),
  );
  return loaded.every(Boolean);
};
