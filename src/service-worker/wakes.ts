/** Notes what the service worker was woken for, for the self-test on `/you/notifications`. */
import { systemClock } from '#shared/time.ts';
import { noteWake } from '#client/wake/wakes.ts';
import type { WakeEnd, WakeReason } from '#client/wake/wakes.ts';

/** Never rejects. */
export const tellWake = (why: WakeReason, end: WakeEnd): Promise<void> =>
  noteWake(caches, { at: systemClock.now(), why, end });
