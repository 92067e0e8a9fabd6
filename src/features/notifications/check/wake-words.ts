/** Wakes in words. */
import type { WakeEnd, WakeReason } from '#client/wake/wakes.ts';
import { m } from '#messages/paraglide/messages.js';
import { DAY, HOUR, MINUTE } from '#shared/time.ts';

export const endWords: Readonly<Record<WakeEnd, () => string>> = {
  shown: m.notifications_end_shown,
  plain: m.notifications_end_plain,
  nothing: m.notifications_end_nothing,
  visible: m.notifications_end_visible,
  locked: m.notifications_end_locked,
  stranger: m.notifications_end_stranger,
  sent: m.notifications_end_sent,
  waiting: m.notifications_end_waiting,
  renewed: m.notifications_end_renewed,
  failed: m.notifications_end_failed,
};

export const whyWords: Readonly<Record<WakeReason, () => string>> = {
  push: m.notifications_why_push,
  test: m.notifications_why_test,
  sync: m.notifications_why_sync,
  changed: m.notifications_why_changed,
};

const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const dated = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** “3 minutes ago” within a day, else the date. `at` in Unix seconds. */
export const timeWords = (at: number, now: Date): string => {
  const seconds = Math.max(0, Math.floor(now.getTime() / 1000) - at);
  if (seconds < MINUTE) return ago.format(0, 'second');
  if (seconds < HOUR) return ago.format(-Math.floor(seconds / MINUTE), 'minute');
  if (seconds < DAY) return ago.format(-Math.floor(seconds / HOUR), 'hour');
  return dated.format(new Date(at * 1000));
};
