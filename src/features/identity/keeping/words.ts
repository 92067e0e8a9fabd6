/** Failures of identity in the person's words. */
import { m } from '#messages/paraglide/messages.js';
import type { Failure } from '#shared/result.ts';
import { PASSPHRASE_LEAST } from '#ui/fields/passphrase.ts';
import { roughTime } from '#ui/notices/rough.ts';

const words: Readonly<Record<string, () => string>> = {
  name: m.identity_error_name,
  about: m.identity_error_about,
  passphrase: m.identity_error_passphrase,
  file: m.identity_error_file,
  damaged: m.identity_error_damaged,
  foreign: m.identity_error_foreign,
  key: m.identity_error_key,
  address: m.identity_error_address,
  refused: m.identity_error_refused,
  unreachable: m.identity_error_unreachable,
  changed: m.identity_error_changed,
  storage: m.identity_error_storage,
  occupied: m.identity_error_occupied,
  empty: m.identity_error_empty,
};

/** A sentence for any failure of entering or unlocking. */
export const failureWords = (failure: Failure): string => {
  if (failure.code === 'wait' && typeof failure.cause === 'number') return waitWords(failure.cause);
  return words[failure.code]?.() ?? failure.message;
};

const waitWords = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90
    ? m.identity_error_wait_seconds({ count: seconds })
    : m.identity_error_wait_minutes({ count: Math.ceil(seconds / 60) });
};

/** What is wrong with a new passphrase; undefined when it will do. */
export const newPassphraseError = (passphrase: string): string | undefined =>
  [...passphrase.normalize('NFC')].length < PASSPHRASE_LEAST
    ? m.identity_error_passphrase_short()
    : undefined;

/** What hindered a profile from being published. */
export const profileProblemWords = (problem: Pick<Failure, 'code' | 'message'>): string => {
  switch (problem.code) {
    case 'cancelled':
      return m.identity_profile_cancelled();
    case 'unreachable':
      return m.identity_profile_unreachable();
    case 'refused':
      return m.identity_profile_refused({ reason: problem.message });
    default:
      return problem.message;
  }
};

/** What saving a profile costs, in this device's own seconds where they are known. */
export const profileCostWords = (seconds: number | undefined): string => {
  if (seconds === undefined) return m.identity_profile_cost();
  return seconds < 1
    ? m.identity_profile_cost_moment()
    : m.identity_profile_cost_here({ time: roughTime(seconds) });
};

const nameWords: Readonly<Record<string, () => string>> = {
  malformed: m.identity_cityname_malformed,
  reserved: m.identity_cityname_reserved,
  taken: m.identity_cityname_taken,
  blocked: m.identity_cityname_blocked,
  restricted: m.identity_cityname_blocked,
  'rate-limited': m.identity_cityname_later,
  'no-account': m.identity_cityname_locked,
};

/** Why the city did not do as asked with a name. */
export const nameRefusalWords = ({ code }: Failure): string =>
  (nameWords[code] ?? m.identity_cityname_unreachable)();
