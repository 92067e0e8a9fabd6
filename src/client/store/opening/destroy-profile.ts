/** Removing a profile's store, without the code that opens one: the page does it, and pages stay small. */
import { destroyBlobs } from '../blobs/opfs-directory.ts';
import { destroyDisk } from '../disk/dexie-disk.ts';

/** The database of a profile. */
export const databaseOf = (profile: string): string => `sealed ${profile}`;

/** Removes everything that a profile keeps in its store; whoever has it open is cut off. */
export const destroyProfileStore = async (profile: string): Promise<void> => {
  await Promise.all([destroyDisk(databaseOf(profile)), destroyBlobs(profile)]);
};
