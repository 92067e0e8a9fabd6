/** When to remind of a backup: gently, seldom, and only those who have something to lose. */
import type { StoreHealth } from '#client/engine/upkeep/upkeep.ts';

const DAY = 86_400; // seconds
/** A backup is old after this long, if enough came since. */
const OLD_AFTER = 30 * DAY;
const MUCH = 100;
/** After a reminder there is none for this long. */
const REST = 14 * DAY;

/** `first`: there never was a backup; `old`: much came since the last one. */
export type Reminder = 'first' | 'old';

/** What to remind of now, if anything. Times in Unix seconds; `remindedAt` is any value that was kept. */
export const reminderOf = (
  { lastBackup, events }: Pick<StoreHealth, 'lastBackup' | 'events'>,
  {
    hasAccount,
    remindedAt,
    now,
  }: { readonly hasAccount: boolean; readonly remindedAt: unknown; readonly now: number },
): Reminder | undefined => {
  if (!hasAccount) return undefined;
  if (typeof remindedAt === 'number' && remindedAt <= now && now - remindedAt < REST) return undefined;
  if (!lastBackup) return 'first';
  return now - lastBackup.at > OLD_AFTER && events - lastBackup.events >= MUCH ? 'old' : undefined;
};
