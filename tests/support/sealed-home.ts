/** A profile's sealed store over a disk in memory, with what makes it: to look at its disk, and to open it again. */
import { openSealer } from '../../src/client/store/seal/sealer.ts';
import { Packer } from '../../src/client/store/seal/packing.ts';
import type { ProfileKeys } from '../../src/client/store/profiles/profile-keys.ts';
import type { Projection } from '../../src/client/store/projection.ts';
import { SealedStore } from '../../src/client/store/sealed/sealed-store.ts';
import { Vessel } from '../../src/client/store/sealed/vessel.ts';
import { Watchers } from '../../src/client/store/watchers.ts';
import { MemoryDisk } from './memory-disk.ts';
import { makeProfileKeys, plainCompressor } from './profile-keys.ts';

export interface SealedHome {
  readonly disk: MemoryDisk;
  readonly keys: ProfileKeys;
  readonly store: SealedStore;
}

/** Opens a new profile's store, or one that exists. Close the store when done. */
export const openSealedHome = async (
  projections: readonly Projection[] = [],
  before?: { readonly disk: MemoryDisk; readonly keys: ProfileKeys },
): Promise<SealedHome> => {
  const disk = before?.disk ?? new MemoryDisk();
  const keys = before?.keys ?? (await makeProfileKeys());
  const sealer = await openSealer(keys.dataKey, { profile: keys.profile });
  const vessel = new Vessel(sealer, new Packer(plainCompressor));
  const store = await SealedStore.open({
    disk,
    vessel,
    outboxVessel: vessel,
    seed: await sealer.words('index', 2),
    projections,
    watchers: new Watchers(),
    failed: () => undefined,
  });
  return { disk, keys, store };
};
