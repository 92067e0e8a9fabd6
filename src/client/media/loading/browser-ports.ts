/** What the loading worker has of its browser. */
import { openBlobDirectory } from '#client/store/blobs/opfs-directory.ts';
import { BlobStore } from '#client/store/blobs/blob-store.ts';
import { SeenBlobs } from '#client/store/blobs/seen-blobs.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import { waitFor } from './download.ts';
import type { HostPorts, Shelves } from './host.ts';

const openShelves = async (keys: ProfileKeys): Promise<Shelves | undefined> => {
  try {
    const seen = await SeenBlobs.open(await openBlobDirectory(keys.profile, 'seen'), {
      keys,
      now: Date.now,
      exclusively: (work) => navigator.locks.request(`seen ${keys.profile}`, work) as ReturnType<typeof work>,
    });
    const blobs = await BlobStore.open(await openBlobDirectory(keys.profile), keys);
    const own = async (hash: string) => {
      const found = await blobs.get(hash);
      return found.ok ? found.value : undefined;
    };
    return { seen, own };
  } catch {
    return undefined;
  }
};

/** The browser's own. */
export const browserLoadingPorts = (proxied: HostPorts['proxied']): HostPorts => ({
  fetch: (input, init) => fetch(input, init),
  wait: waitFor,
  origin: location.origin,
  proxied,
  shelves: openShelves,
});
