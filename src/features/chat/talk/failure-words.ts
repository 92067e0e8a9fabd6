/** Why something was not even queued, in words for people. */
import type { PublishFailure } from '#client/city/city.ts';
import { m } from '#messages/paraglide/messages.js';

/** `words`: a line, which is back in the composer; `mark`: anything else. Nothing for what the person did themselves. */
export const failureWords = (
  failure: PublishFailure,
  what: 'words' | 'mark' = 'words',
): string | undefined => {
  switch (failure.code) {
    case 'cancelled':
      return undefined;
    case 'no-account':
      return undefined;
    case 'locked':
      return m.chat_not_locked();
    case 'unreachable':
      return m.chat_not_reached();
    case 'refused':
    case 'changed':
      return m.chat_not_signed();
    case 'storage':
      return what === 'words' ? m.chat_not_kept() : m.chat_not_kept_mark();
    default:
      return m.chat_not_worked();
  }
};
