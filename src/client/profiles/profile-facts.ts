/** What can be said of profiles: the current one's ways in, and whose the others are. */
import type { AutoLock, ProfileRecord } from '../store/profiles/profile-record.ts';
import { openLabel } from './label.ts';
import type { ProfileLabel } from './label.ts';

export interface ProfileFacts {
  readonly isOpen: boolean;
  readonly hasPassphrase: boolean;
  /** The passkeys' ids. */
  readonly passkeys: readonly string[];
  /** Something but this browser opens it; only then can it be locked. */
  readonly canLock: boolean;
  /** This browser opens it by itself, until it is locked. */
  readonly isStaying: boolean;
  /** There is a passphrase that erases; known only while it is open. */
  readonly hasDuress: boolean;
  readonly autoLock: AutoLock;
  readonly hasPanicKey: boolean;
}

export interface ProfileSummary {
  readonly id: string;
  /** Missing before somebody has an account in it. */
  readonly label?: ProfileLabel;
  readonly isCurrent: boolean;
}

/** True where something other than the browser itself opens the profile. */
export const asksForSomething = ({ locks }: Pick<ProfileRecord, 'locks'>): boolean =>
  locks.some(({ kind }) => kind !== 'device');

export const factsOf = (record: ProfileRecord, isOpen: boolean, hasDuress: boolean): ProfileFacts => ({
  isOpen,
  hasPassphrase: record.locks.some(({ kind }) => kind === 'passphrase'),
  passkeys: record.locks.filter(({ kind }) => kind === 'passkey').map(({ id }) => id),
  canLock: asksForSomething(record),
  isStaying: record.isStaying,
  hasDuress,
  autoLock: record.autoLock,
  hasPanicKey: record.hasPanicKey,
});

export const summarize = (
  profiles: readonly ProfileRecord[],
  current: string,
): Promise<readonly ProfileSummary[]> =>
  Promise.all(
    profiles.map(async (record) => {
      const label = await openLabel(record.label, record);
      return { id: record.id, ...(label ? { label } : {}), isCurrent: record.id === current };
    }),
  );
