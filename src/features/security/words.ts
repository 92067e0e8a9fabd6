/** What this feature says of failures and times. */
import { m } from '#messages/paraglide/messages.js';
import { PASSPHRASE_LEAST } from '#ui/fields/passphrase.ts';

const words: Readonly<Record<string, () => string>> = {
  wrong: m.security_error_wrong,
  wait: m.security_wait_spoken,
  erased: m.security_error_erased,
  unsupported: m.security_error_unsupported,
  cancelled: m.security_error_cancelled,
  failed: m.security_error_failed,
  locked: m.security_error_locked,
  empty: () => m.security_error_empty({ count: PASSPHRASE_LEAST }),
  same: m.security_error_same,
  needed: m.security_error_needed,
};

/** A sentence for any failure of the keeper. */
export const problemWords = ({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): string => words[code]?.() ?? message;

/** What is wrong with a new passphrase; undefined when it will do. */
export const newPassphraseError = (passphrase: string): string | undefined =>
  [...passphrase.normalize('NFKC')].length < PASSPHRASE_LEAST
    ? m.security_error_empty({ count: PASSPHRASE_LEAST })
    : undefined;

/** Milliseconds as a countdown: "0:05", "14:59". Rounded up: it never shows 0:00 while there is still something to wait. */
export const countdown = (ms: number): string => {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** A choice of auto-lock (seconds). */
export const autoLockWords = (seconds: number): string => {
  if (seconds === 0) return m.security_auto_lock_never();
  if (seconds < 60) return m.security_auto_lock_seconds({ count: seconds });
  return seconds === 60
    ? m.security_auto_lock_minute()
    : m.security_auto_lock_minutes({ count: seconds / 60 });
};
