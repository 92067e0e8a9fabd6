/** Making a profile out of something that takes a while to come in: nobody sees it before it is whole, and a crash leaves none. */
import type { Result } from '#shared/result.ts';
import { makeLock } from '../store/seal/lockbox.ts';
import type { ProfileKeys } from '../store/profiles/profile-keys.ts';
import { newProfile } from './make-profile.ts';
import type { KeeperPorts } from './ports.ts';

export type RestoringPorts = Pick<KeeperPorts, 'register' | 'destroy' | 'locks' | 'iterations'>;

const lockOf = (profile: string): string => `making ${profile}`;

/**
 * A new profile, opened by this browser and by a passphrase; the next one to be opened. It is buried while `fill` works, so that the
 * next start erases it if this one ends first.
 */
export const restoreProfile = async <T, E>(
  ports: RestoringPorts,
  passphrase: string,
  fill: (keys: ProfileKeys) => Promise<Result<T, E>>,
): Promise<Result<T, E>> => {
  const { register, destroy, locks, iterations } = ports;
  const { record, dataKey } = await newProfile(ports, 0);
  const { id, deviceKey } = record;
  const lock = await makeLock(dataKey, { kind: 'passphrase', passphrase }, id, iterations);
  let filled: Result<T, E> | undefined;
  await locks.hold(lockOf(id), async () => {
    await register.bury(id);
    try {
      filled = await fill({ profile: id, dataKey, deviceKey });
      if (!filled.ok) return;
      const { profiles } = await register.read();
      const turn = (profiles[0]?.turn ?? 0) + 1;
      await register.add({ ...record, turn, locks: [...record.locks, lock] });
    } finally {
      dataKey.fill(0);
      if (!filled?.ok) {
        await destroy(id);
        await register.remove(id);
      }
    }
  });
  return filled as Result<T, E>;
};

/** `destroy` for those who clear up what is buried: it waits for a profile in the making, and spares it once it is made. */
export const sparing =
  ({ register, destroy, locks }: Pick<RestoringPorts, 'register' | 'destroy' | 'locks'>) =>
  async (profile: string): Promise<void> => {
    let isSpared = false;
    await locks.hold(lockOf(profile), async () => {
      const { profiles } = await register.read();
      isSpared = profiles.some(({ id }) => id === profile);
      if (!isSpared) await destroy(profile);
    });
    if (isSpared) throw new Error('this profile has just been made');
  };
