/** Whose a backup is, as seen from the open profile. */
import type { Store } from '../store.ts';
import type { LocalEvent } from '../local-events.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import { ACCOUNT } from './backup-check.ts';
import type { Findings } from './backup-check.ts';
import type { OpenedBackup } from './opened-backup.ts';

interface Home {
  readonly keys: Pick<ProfileKeys, 'dataKey'>;
  readonly store: Pick<Store, 'readMeta'> & { history(): AsyncIterable<readonly LocalEvent[]> };
}

/**
 * `same`: of this very profile (its key shows it), or of one in which the same person signed; `empty`: nobody has signed in here,
 * and there is no account; `other`: anybody else's.
 */
export const kinshipOf = async (
  backup: OpenedBackup,
  { authors }: Pick<Findings, 'authors'>,
  { keys, store }: Home,
): Promise<'same' | 'empty' | 'other'> => {
  if (keys.dataKey.every((byte, at) => backup.dataKey[at] === byte)) return 'same';
  let isAnybodys = (await store.readMeta(ACCOUNT)) !== undefined;
  for await (const events of store.history())
    for (const event of events) {
      if (event.type !== 'EventSigned') continue;
      if (authors.has(event.event.pubkey)) return 'same';
      isAnybodys = true;
    }
  return isAnybodys ? 'other' : 'empty';
};
