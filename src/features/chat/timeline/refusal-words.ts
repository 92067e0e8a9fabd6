/** Why a line was not taken, in words for people. */
import { m } from '#messages/paraglide/messages.js';
import { parseReason } from '#protocol/reasons.ts';
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
