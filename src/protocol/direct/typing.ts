/** Somebody is writing: said while it is so, stored nowhere (seed 001 §4.3). */
import type { Draft } from '../event.ts';
import * as kinds from '../kinds.ts';

/** Seconds for which it holds unless it is said again. */
export const TYPING_HOLDS = 5;

/** Kind 20015; `group` becomes `h` in places, and is left out of a rumor. */
export const makeTyping = (group: string): Draft => ({
  kind: kinds.TYPING,
  content: '',
  tags: [['h', group]],
});

/** True while it holds; clocks may differ by as much again. */
export const isTypingNow = (
  event: { readonly kind: number; readonly created_at: number },
  now: number,
): boolean => event.kind === kinds.TYPING && Math.abs(now - event.created_at) <= 2 * TYPING_HOLDS;
