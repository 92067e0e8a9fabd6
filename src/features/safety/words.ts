/** Sentences for what did not work. */
import { m } from '#messages/paraglide/messages.js';
import { WORD_MAX } from '#protocol/lists/words.ts';
import type { Failure } from '#shared/result.ts';

/** Why a list was not changed. */
export const listTrouble = ({ code }: Failure): string => {
  const words: Record<string, () => string> = {
    unreadable: m.safety_unreadable,
    unreachable: m.safety_unreachable,
    locked: m.safety_locked,
    impossible: m.safety_impossible,
    refused: m.safety_refused,
    cancelled: m.safety_cancelled,
    empty: m.safety_word_empty,
    broad: m.safety_word_broad,
    long: () => m.safety_word_long({ count: WORD_MAX }),
  };
  return (words[code] ?? m.safety_failed)();
};
