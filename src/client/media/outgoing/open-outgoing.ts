/** A profile's outgoing files as the browser keeps them. */
import type { Locks } from '../../outbox/ports.ts';
import { openBlobDirectory, OUTGOING } from '../../store/blobs/opfs-directory.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import { deviceSealer } from '../../store/seal/sealer.ts';
import { AwaitedFiles } from './awaited-files.ts';
import { OutgoingFiles } from './outgoing-files.ts';

const channelOf = (profile: string): string => `outgoing ${profile}`;

/** Tells every tab and worker that a profile's outgoing files are not as they were. */
const tellOutgoing = (profile: string): void => {
  const channel = new BroadcastChannel(channelOf(profile));
  channel.postMessage('changed');
  channel.close();
};

/** Calls back on such news. Returns the way to stop. */
export const hearOutgoing = (profile: string, changed: () => void): (() => void) => {
  const channel = new BroadcastChannel(channelOf(profile));
  channel.onmessage = () => changed();
  return () => channel.close();
};

/** Throws where the browser has no private file system for us. */
export const openOutgoing = async (
  { profile, deviceKey }: Pick<ProfileKeys, 'profile' | 'deviceKey'>,
  locks: Locks,
): Promise<OutgoingFiles> =>
  new OutgoingFiles({
    files: await openBlobDirectory(profile, OUTGOING),
    sealer: deviceSealer(deviceKey, { profile }),
    locks,
    profile,
    tell: () => tellOutgoing(profile),
  });

/** What lines of a profile wait for; undefined where nothing can be kept, so that no line waits. */
export const openAwaited = async (
  keys: Pick<ProfileKeys, 'profile' | 'deviceKey'>,
  locks: Locks,
): Promise<AwaitedFiles | undefined> => {
  try {
    const files = await openOutgoing(keys, locks);
    return new AwaitedFiles({ files, hear: (changed) => hearOutgoing(keys.profile, changed) });
  } catch {
    return undefined;
  }
};
