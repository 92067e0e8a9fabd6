/** Why a line was not taken, in words for people. */
import { m } from '#messages/paraglide/messages.js';
import { parseReason } from '#protocol/reasons.ts';
import type { Repair } from '#protocol/repairs.ts';
import { displayLine } from '#shared/text.ts';

/** Says who refused and why; the relay's own sentence is quoted where it says more than its prefix. */
export const refusalWords = (reason: string | undefined): string => {
  const { code, message } = parseReason(reason ?? '');
  const words = displayLine(message, 160);
  switch (code) {
    case 'restricted':
    case 'blocked':
    case 'mute':
      return words === '' ? m.chat_refused_restricted() : m.chat_refused_quote({ words });
    case 'auth-required':
      return m.chat_refused_auth();
    case 'rate-limited':
      return m.chat_refused_rate();
    case 'unsupported':
      return m.chat_refused_unsupported();
    default:
      return words === '' ? m.chat_refused_unknown() : m.chat_refused_quote({ words });
  }
};

/** Why, where it can be mended: what is wrong is known, so it is said in our own words. */
export const troubleWords = (reason: string | undefined, repair: Repair | undefined): string => {
  switch (repair?.way) {
    case 'resign':
      if (repair.because === 'date') return m.chat_refused_date();
      return repair.because === 'old' ? m.chat_refused_old() : m.chat_refused_ahead();
    case 'remine':
      return m.chat_refused_work();
    case 'too-hard':
      return m.chat_refused_hard({ bits: repair.bits });
    case 'join':
      return m.chat_refused_member();
    default:
      return refusalWords(reason);
  }
};

/** What the button says that mends so many lines. */
export const repairWords = (repair: Repair, count: number): string => {
  switch (repair.way) {
    case 'resign':
      return count > 1 ? m.chat_mend_date_all({ count }) : m.chat_mend_date();
    case 'remine':
      return m.chat_mend_work();
    case 'join':
      return count > 1 ? m.chat_mend_join_all({ count }) : m.chat_mend_join();
    case 'sign-in':
      return count > 1 ? m.chat_mend_sign_in_all({ count }) : m.chat_mend_sign_in();
    default:
      return m.chat_retry();
  }
};
