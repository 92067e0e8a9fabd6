/** What a relay's word means for an event that waits. */
import { parseReason } from '#protocol/reasons.ts';
import type { Outcome } from '../relays/publications.ts';

/** `later`: try again by itself; `signed-out`: when somebody signs in. */
export type Verdict =
  | { readonly verdict: 'accepted'; readonly note: string }
  | { readonly verdict: 'refused'; readonly reason: string }
  | { readonly verdict: 'later' }
  | { readonly verdict: 'signed-out' };

/** A relay in trouble is believed to be so for this many tries; then its words stand as a refusal. */
export const MOST_ERRORS = 5;

/** Judges one answer; `failures` are those before it. A `duplicate:` is an acceptance, whichever way it was put. */
export const judge = (outcome: Outcome, failures: number): Verdict => {
  if (outcome.outcome === 'accepted') return { verdict: 'accepted', note: outcome.note };
  if (outcome.outcome === 'no-answer') return { verdict: 'later' };
  const { reason } = outcome;
  switch (parseReason(reason).code) {
    case 'duplicate':
      return { verdict: 'accepted', note: reason };
    case 'rate-limited':
      return { verdict: 'later' };
    case 'auth-required':
      return { verdict: 'signed-out' };
    case 'error':
      return failures + 1 < MOST_ERRORS ? { verdict: 'later' } : { verdict: 'refused', reason };
    default:
      return { verdict: 'refused', reason };
  }
};
