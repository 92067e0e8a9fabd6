/** Noticing that the browser has thrown a profile's log away. */
import { noteKept, readKept } from '../../store/profiles/kept-mark.ts';
import type { ProfileKeys } from '../../store/profiles/profile-keys.ts';
import type { ProfileRegister } from '../../store/profiles/profile-register.ts';
import type { SealedStore } from '../../store/sealed/sealed-store.ts';
import { EVICTION } from './upkeep-desk.ts';

/** Where the marks lie: outside the profile's own database. */
export type MarkBook = Pick<ProfileRegister, 'read' | 'change'>;

/**
 * Looks at a store that was just opened: an empty log where the register knows of a full one is an eviction, kept in the store until
 * the person knows of it. Gives back what to call after appends. `now` in Unix seconds. Where nothing can be noted, as on a full disk,
 * the store is of use all the same.
 */
export const watchKept = async (
  store: SealedStore,
  { register, keys, now }: { readonly register: MarkBook; readonly keys: ProfileKeys; readonly now: number },
): Promise<() => Promise<void>> => {
  const last = await store.disk.lastChunk();
  try {
    const events = last > 0 ? 0 : await readKept(register, keys);
    if (last > 0) await noteKept(register, keys, last);
    else if (events > 0) await store.writeMeta(EVICTION, { events, at: now });
  } catch (cause) {
    console.error('What the log holds could not be noted', cause);
  }
  let isNoted = last > 0;
  return async () => {
    if (isNoted) return;
    isNoted = true;
    await noteKept(register, keys, await store.disk.lastChunk());
  };
};
