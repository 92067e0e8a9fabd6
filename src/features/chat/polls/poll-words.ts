/** A poll in words. */
import { m } from '#messages/paraglide/messages.js';
import type { Poll } from '#protocol/lines/polls.ts';

/** "Poll: on Monday, on Tuesday". */
export const pollWords = ({ options }: Poll): string =>
  m.chat_poll_heard({ options: options.map(({ label }) => label).join(', ') });
