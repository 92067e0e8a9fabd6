/** A profile's store on this device: the sealed store over IndexedDB, opened by the profile's keys. */
import { BlobStore } from '../blobs/blob-store.ts';
import { openBlobDirectory } from '../blobs/opfs-directory.ts';
import { databaseOf } from './destroy-profile.ts';
import { DexieDisk } from '../disk/dexie-disk.ts';
import { FailureCount } from '../failure-count.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import type { Projection } from '../projection.ts';
import { Packer } from '../seal/packing.ts';
import type { Compressor } from '../seal/packing.ts';
import { deviceSealer, openSealer } from '../seal/sealer.ts';
import { SealedStore } from '../sealed/sealed-store.ts';
import { Vessel } from '../sealed/vessel.ts';
import { Watchers } from '../watchers.ts';

export interface ProfileOptions {
  readonly keys: ProfileKeys;
  readonly projections: readonly Projection[];
  readonly compressor: Compressor;
  /** Rows that have to be rebuilt before the store is open. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Opens a profile's store. Throws `StoreError('superseded')` where a newer build keeps the data, else what the disk threw. */
export const openProfileStore = async (options: ProfileOptions): Promise<SealedStore> => {
  const { keys, projections, compressor, progress } = options;
  const disk = new DexieDisk(databaseOf(keys.profile));
  try {
    const place = { profile: keys.profile };
    const sealer = await openSealer(keys.dataKey, place);
    const packer = new Packer(compressor);
    return await SealedStore.open({
      disk,
      vessel: new Vessel(sealer, packer),
      // A service worker reads the queue, and has no decompressor at hand.
      outboxVessel: new Vessel(deviceSealer(keys.deviceKey, place), new Packer(compressor, Infinity)),
      seed: await sealer.words('index', 2),
      projections,
      watchers: new Watchers(),
      failed: new FailureCount().report,
      progress,
    });
  } catch (cause) {
    disk.close();
    throw cause;
  }
};

/** Opens a profile's files, and removes what a crash left half done; undefined where the browser has no private file system for us. */
export const openProfileBlobs = async (keys: ProfileKeys): Promise<BlobStore | undefined> => {
  try {
    return await BlobStore.open(await openBlobDirectory(keys.profile), keys);
  } catch {
    return undefined;
  }
};
