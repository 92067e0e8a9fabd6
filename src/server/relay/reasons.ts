/** What a peer hears when it is not its event or question that is wrong, but how much or when. */
import type { Reason } from '#protocol/reasons.ts';
import { LIMITS } from './limits.ts';

export const TRY_LATER: Reason = { code: 'error', message: 'the city could not answer just now; try again' };
export const SLOW_DOWN: Reason = { code: 'rate-limited', message: 'too many messages; wait a little' };
export const TOO_MANY_QUESTIONS: Reason = {
  code: 'rate-limited',
  message: 'too many questions; wait a little',
};
export const TOO_WIDE: Reason = {
  code: 'rate-limited',
  message: `open questions name at most ${LIMITS.watched} values; close some`,
};
