/** Sentences for how things ended, and for what is missing. */
import type { BackupReport } from '#client/store/backup/backup-check.ts';
import type { LossReport } from '#client/store/sealed/losses.ts';
import { m } from '#messages/paraglide/messages.js';
import type { Ended } from './endings.ts';

/** Why something could not be done; empty where there is nothing to say. */
export const failureWords = (ended: Ended): string => {
  if (ended.ok) return '';
  switch (ended.reason) {
    case 'cancelled':
      return ended.work === 'rebuild' ? m.settings_rebuild_stopped() : m.settings_backup_stopped();
    case 'wrong':
      return m.settings_backup_wrong();
    case 'wait':
      return m.settings_backup_wait({ seconds: Math.ceil((ended.wait ?? 0) / 1000) });
    case 'foreign':
      return m.settings_backup_foreign();
    case 'newer':
      return m.settings_backup_newer();
    case 'damaged':
      return m.settings_backup_damaged();
    case 'unreadable':
      return m.settings_backup_unreadable();
    case 'other':
      return m.settings_backup_other();
    case 'full':
      return m.settings_full_words();
    default:
      return m.settings_backup_broken();
  }
};

/** A day in the language's own way; `at` in Unix seconds. */
export const dayWords = (at: number, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at * 1000);

/** A backup's file name; `now` in milliseconds. */
export const backupName = (now: number): string =>
  `synchrono-city-${new Date(now).toISOString().slice(0, 10)}.citybackup`;

/** A number in the language's own way. */
export const countWords = (count: number, locale?: string): string =>
  new Intl.NumberFormat(locale).format(count);

/** "50 pieces between 3 May 2026 and 4 May 2026". */
export const lossWords = ({ events, after, before }: LossReport, locale?: string): string => {
  const count = countWords(events, locale);
  if (after !== undefined && before !== undefined) {
    const [from, to] = [dayWords(after, locale), dayWords(before, locale)];
    return from === to
      ? m.settings_lost_on({ count, day: from })
      : m.settings_lost_between({ count, from, to });
  }
  if (after !== undefined) return m.settings_lost_after({ count, day: dayWords(after, locale) });
  if (before !== undefined) return m.settings_lost_before({ count, day: dayWords(before, locale) });
  return m.settings_lost({ count });
};

/** What a backup lacks, sentence by sentence; none for a whole one. */
export const lackWords = ({ lost, lostOwn, isSealed, isWhole }: BackupReport, locale?: string): string[] => [
  ...(isWhole || isSealed ? [] : [m.settings_backup_cut()]),
  ...lost.map((loss) => lossWords(loss, locale)),
  ...(lostOwn.includes('vault') ? [m.settings_backup_lacks_account()] : []),
];
