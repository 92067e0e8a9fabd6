/** The order in which an event from a stranger is checked: cheap first, the signature last. */
import { err, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { hasValidId } from '#protocol/event.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import type { WorkMode } from '#protocol/proof-of-work.ts';
import type { Reason } from '#protocol/reasons.ts';
import * as kinds from '#protocol/kinds.ts';
import { asksUsToForget } from '#protocol/relay/vanish.ts';
import { checkAuth } from '#protocol/relay/auth.ts';
import { hasTag } from '#protocol/tags.ts';
import { refuse } from '../groups/state.ts';
import type { Keys } from './access.ts';
import { checkLimits, checkWork } from './limits.ts';
import type { EventPace } from './pace/rates.ts';

/** Why somebody who has proven these keys may not write this; undefined: they may. */
export interface WritePolicy {
  refusalOf(event: NostrEvent, keys: Keys): Reason | undefined;
}

export interface GatePorts {
  readonly verifier: Verifier;
  readonly work: WorkMode;
  readonly pace: EventPace;
  /** The sender's network address: what is not proven yet is counted against it. */
  readonly address: string;
  /** Hosts under which the sender may have reached us. */
  readonly hosts: readonly string[];
  /** The city's own key: nobody else publishes in its name. */
  readonly self: string;
  /** What the operators have decided. */
  readonly policy: WritePolicy;
}

/** NIP-70: a protected event comes only from its author. */
const checkProtected = (event: NostrEvent, keys: Keys): Result<true, Reason> => {
  if (!hasTag(event, '-') || keys.has(event.pubkey)) return ok(true);
  return keys.size === 0
    ? refuse('auth-required', 'this event may only be published by its author')
    : refuse('restricted', 'this event may only be published by its author');
};

/** NIP-62: a request to vanish is for the relays it names; ours may have come here by way of somebody else's hands. */
const checkVanishing = (event: NostrEvent, hosts: readonly string[]): Result<true, Reason> =>
  event.kind !== kinds.VANISH || asksUsToForget(event, hosts)
    ? ok(true)
    : refuse('invalid', 'a request to vanish names the relay that it is for');

const refuseHaste = () => refuse('rate-limited', 'too many events by this key; wait a little');

/** All checks that need neither the places nor the store. `now` in Unix seconds. */
export const checkEvent = (
  event: NostrEvent,
  keys: Keys,
  now: number,
  { verifier, work, pace, address, hosts, self, policy }: GatePorts,
): Result<true, Reason> => {
  const limits = checkLimits(event, now);
  if (!limits.ok) return limits;
  // Whoever is barred may still vanish (NIP-62).
  const barred = event.kind === kinds.VANISH ? undefined : policy.refusalOf(event, keys);
  if (barred) return err(barred);
  if (!hasValidId(event)) return refuse('invalid', 'the id is not the hash of the event');
  const meant = checkVanishing(event, hosts);
  if (!meant.ok) return meant;
  const worked = checkWork(event, work);
  if (!worked.ok) return worked;
  if (!pace.takeUnproven(event, address)) return refuseHaste();
  if (event.pubkey === self) return refuse('blocked', "only the city itself publishes with the city's key");
  const mine = checkProtected(event, keys);
  if (!mine.ok) return mine;
  if (!verifier.verify(event)) return refuse('invalid', 'the signature does not hold');
  // Only now is it the key's own doing: forgeries must not use up what its owner may send.
  return pace.takeProven(event, address) ? ok(true) : refuseHaste();
};

const MAX_KEYS = 10;

/** What is wrong with a NIP-42 proof on a connection that has proven `keys`; undefined: nothing. */
export const flawOfProof = (
  event: NostrEvent,
  keys: Keys,
  expected: Parameters<typeof checkAuth>[1],
  verifier: Verifier,
): string | undefined => {
  const checked = checkAuth(event, expected);
  if (!checked.ok) return checked.error.message;
  if (keys.size >= MAX_KEYS && !keys.has(event.pubkey)) return `at most ${MAX_KEYS} keys on one connection`;
  if (!hasValidId(event)) return 'the id is not the hash of the event';
  return verifier.verify(event) ? undefined : 'the signature does not hold';
};
