/** NIP-42: proving a key to a relay. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Draft, NostrEvent } from '../event.ts';
import * as kinds from '../kinds.ts';
import { normalizeRelayUrl } from '../lists.ts';
import { tagValue } from '../tags.ts';

const MAX_AGE = 10 * 60;

/** Kind 22242 for a relay's challenge. */
export const makeAuth = (relay: string, challenge: string): Draft => ({
  kind: kinds.CLIENT_AUTH,
  content: '',
  tags: [
    ['relay', relay],
    ['challenge', challenge],
  ],
});

/** Checks everything of an AUTH event but its signature: kind, challenge, relay (same host), age ≤ 10 minutes. */
export const checkAuth = (
  event: NostrEvent,
  expected: { readonly challenge: string; readonly hosts: readonly string[]; readonly now: number },
): Result<string, Failure<'auth'>> => {
  if (event.kind !== kinds.CLIENT_AUTH) return fail('auth', 'an AUTH event has kind 22242');
  if (tagValue(event, 'challenge') !== expected.challenge)
    return fail('auth', 'the challenge is not the one sent');
  if (Math.abs(event.created_at - expected.now) > MAX_AGE)
    return fail('auth', 'the event is more than 10 minutes off');
  const relay = normalizeRelayUrl(tagValue(event, 'relay') ?? '');
  if (!relay || !expected.hosts.includes(new URL(relay).host))
    return fail('auth', 'the event names another relay');
  return ok(event.pubkey);
};
