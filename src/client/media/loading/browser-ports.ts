/** What the loading worker has of its browser. */
import { openBlobDirectory, SEEN } from '../../store/blobs/opfs-directory.ts';
import { SeenBlobs } from '../../store/blobs/seen-blobs.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import { openOutgoing } from '../outgoing/open-outgoing.ts';
import { waitFor } from './download.ts';
import type { HostPorts, Shelves } from './host.ts';
import { ownFiles } from './own-files.ts';

const openShelves = async (keys: ProfileKeys): Promise<Shelves | undefined> => {
  try {
    const seen = await SeenBlobs.open(await openBlobDirectory(keys.profile, SEEN), {
      keys,
      now: Date.now,
      exclusively: (work) => navigator.locks.request(`seen ${keys.profile}`, work) as ReturnType<typeof work>,
    });
    const own = ownFiles(
      await openOutgoing(keys, { hold: (name, work) => navigator.locks.request(name, work) }),
    );
    return { seen, own };
  } catch {
    return undefined;
  }
};

/** The browser's own. */
export const browserLoadingPorts = ({
  proxied,
  beginHash,
}: Pick<HostPorts, 'proxied' | 'beginHash'>): HostPorts => ({
  fetch: (input, init) => fetch(input, init),
  wait: waitFor,
  origin: location.origin,
  proxied,
  beginHash,
  shelves: openShelves,
});
