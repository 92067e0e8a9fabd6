/** Refusals that are none. */
import { parseReason } from '#protocol/reasons.ts';

/** `restricted: pending: …`: NIP-29 wants a request that waits for an admin answered with a no and these words. */
export const isPending = (reason: string): boolean => /^pending\b/i.test(parseReason(reason).message);

/** A relay's no that leaves the person where they wanted to be: it is so already, or an admin will look at it. */
export const isGoodNews = (reason: string): boolean =>
  parseReason(reason).code === 'duplicate' || isPending(reason);
