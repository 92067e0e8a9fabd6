/**
 * Replaceable lists are fetched, merged, written: a version that this device has not seen must never be overwritten,
 * so a write is refused where the current version cannot be fetched.
 */
import type { Draft, NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { parseRelayList } from '#protocol/lists.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { HOUR, systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { City, Published, PublishFailure, PublishOptions } from './city.ts';
import { currentVersion, listKey, listsTable, ownKeysTable } from './lists-table.ts';

export interface MergeOptions extends Omit<PublishOptions, 'relays'> {
  /** More relays where a version may lie, beside the city's and the person's own write relays. */
  readonly alsoAt?: readonly string[];
  readonly clock?: Clock;
}

const MOST_RELAYS = 6;
const waiting = new WeakMap<City, Map<number, Promise<unknown>>>();

/**
 * Fetches the signed-in person's newest event of a replaceable kind from the city's relay and their write relays, hands
 * it to `make`, publishes what comes back to the same relays. Writes of one kind happen one after the other. Fails with
 * `unreachable` when the current version can't be fetched, except for a key born here within the hour that never wrote one.
 */
export const publishMerged = (
  city: City,
  kind: number,
  make: (previous: NostrEvent | undefined) => Draft,
  options: MergeOptions = {},
): Promise<Result<Published, PublishFailure>> => {
  const queues = waiting.get(city) ?? new Map<number, Promise<unknown>>();
  waiting.set(city, queues);
  const before = queues.get(kind) ?? Promise.resolve();
  const mine = before.then(() => mergeNow(city, kind, make, options));
  queues.set(
    kind,
    mine.catch(() => undefined),
  );
  return mine;
};

const mergeNow = async (
  city: City,
  kind: number,
  make: (previous: NostrEvent | undefined) => Draft,
  { alsoAt = [], clock = systemClock, ...publish }: MergeOptions,
): Promise<Result<Published, PublishFailure>> => {
  const account = city.account;
  if (!account) return fail('no-account', 'Join the conversation first.');
  const elsewhere = await otherRelays(city, account.pubkey, alsoAt);
  const previous = await fetchCurrent(city, account.pubkey, kind, elsewhere, clock);
  if (!previous.ok) return previous;
  const draft = make(previous.value);
  return city.publish(later(draft, previous.value, clock), {
    ...publish,
    relays: [city.relay, ...elsewhere],
  });
};

/** The current version of a list of the person's own, fetched now. Fails with `unreachable` as `publishMerged` does. */
const fetchCurrent = async (
  city: City,
  pubkey: string,
  kind: number,
  elsewhere: readonly string[],
  clock: Clock,
): Promise<Result<NostrEvent | undefined, Failure<'unreachable'>>> => {
  const filters = [{ kinds: [kind], authors: [pubkey], limit: 1 }];
  const [home, ...others] = await Promise.all([
    city.fetch({ filters }),
    ...elsewhere.map((relay) => city.fetch({ relay, filters })),
  ]);
  const isAnswered = home?.ok === true && (others.length === 0 || others.some((answer) => answer.ok));
  const known = currentVersion(await city.get(listsTable, listKey(pubkey, kind)));
  if (isAnswered || (!known && (await isNewborn(city, pubkey, clock)))) return ok(known);
  return fail(
    'unreachable',
    'Your present version could not be fetched, and writing without it could lose what it holds. Try again once you are connected.',
    home?.ok === false ? home.error : undefined,
  );
};

const otherRelays = async (city: City, pubkey: string, alsoAt: readonly string[]): Promise<string[]> => {
  const list = currentVersion(await city.get(listsTable, listKey(pubkey, kinds.RELAY_LIST)));
  const all = new Set([...(list ? parseRelayList(list).write : []), ...alsoAt]);
  all.delete(city.relay);
  return [...all].slice(0, MOST_RELAYS);
};

const isNewborn = async (city: City, pubkey: string, clock: Clock): Promise<boolean> => {
  const own = await city.get(ownKeysTable, pubkey);
  return own !== undefined && clock.now() - own.bornAt < HOUR;
};

/** Two versions within one second would be decided by their ids: the new one must be later. */
const later = (draft: Draft, previous: NostrEvent | undefined, clock: Clock): Draft =>
  previous && previous.created_at >= clock.now() ? { ...draft, created_at: previous.created_at + 1 } : draft;
