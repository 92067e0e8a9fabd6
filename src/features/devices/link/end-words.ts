/** Why linking ended, in the person's words. */
import type { LinkEnd } from '#client/devices/linking.ts';
import { m } from '#messages/paraglide/messages.js';

const words: Readonly<Record<LinkEnd, () => string>> = {
  expired: m.devices_end_expired,
  stopped: m.devices_end_stopped,
  digits: m.devices_end_digits,
  crowd: m.devices_end_crowd,
  offline: m.devices_end_offline,
  code: m.devices_end_code,
};

/** A sentence for the end. */
export const endWords = (why: LinkEnd): string => words[why]();

/** Six digits in two groups. */
export const inGroups = (digits: string): string => `${digits.slice(0, 3)} ${digits.slice(3)}`;
