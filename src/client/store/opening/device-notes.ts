/**
 * The small notes that a page left in a profile's store for whoever is up without a page: the service worker. It reads what the
 * engine's `writeMeta` wrote, as long as that was too small to be compressed, and writes notes of its own beside it.
 */
import { DexieDisk } from '../disk/dexie-disk.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import { Packer } from '../seal/packing.ts';
import { openSealer } from '../seal/sealer.ts';
import type { Disk } from '../sealed/disk.ts';
import { Vessel } from '../sealed/vessel.ts';
import { databaseOf } from './destroy-profile.ts';

/** As `SealedStore.writeMeta` names them. */
const OWN = 'own ';
const TABLE = 'meta';

export class DeviceNotes {
  readonly #disk: Pick<Disk, 'meta' | 'write' | 'close'>;
  readonly #vessel: Vessel;

  constructor(disk: Pick<Disk, 'meta' | 'write' | 'close'>, vessel: Vessel) {
    this.#disk = disk;
    this.#vessel = vessel;
  }

  /** All notes whose name begins so, by the rest of their names; what cannot be opened is left out. */
  async read(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    const records = await this.#disk.meta(OWN + prefix);
    const notes = new Map<string, unknown>();
    for (const { name, sealed } of records) {
      const taken = await this.#vessel.take({ table: TABLE, key: name }, sealed);
      if (taken.ok) notes.set(name.slice(OWN.length + prefix.length), taken.value);
    }
    return notes;
  }

  /** Throws what the disk throws: nothing may be written once a newer build keeps the data. */
  async write(name: string, value: unknown): Promise<void> {
    const key = OWN + name;
    const sealed = await this.#vessel.put({ table: TABLE, key }, value);
    await this.#disk.write({ meta: [{ name: key, sealed }] });
  }

  close(): void {
    this.#disk.close();
  }
}

/** Opens them with the profile's data key, which may be forgotten afterwards. Close them when done. */
export const openDeviceNotes = async ({
  profile,
  dataKey,
}: Pick<ProfileKeys, 'profile' | 'dataKey'>): Promise<DeviceNotes> => {
  const sealer = await openSealer(dataKey, { profile });
  return new DeviceNotes(new DexieDisk(databaseOf(profile)), new Vessel(sealer, new Packer(undefined)));
};
