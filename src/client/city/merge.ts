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
import { asAddress, currentVersion, listKey, listsTable, ownKeysTable } from './lists-table.ts';
import type { ListAddress } from './lists-table.ts';

export interface MergeOptions extends Omit<PublishOptions, 'relays'> {
  /** More relays where a version may lie, beside the city's and the person's own write relays. */
  readonly alsoAt?: readonly string[];
  readonly clock?: Clock;
}

const MOST_RELAYS = 6;
const waiting = new WeakMap<City, Map<string, Promise<unknown>>>();

/** A change of a list: what is to stand there; undefined where nothing has to be written. */
type Change<F extends Failure> = (
  previous: NostrEvent | undefined,
) => Promise<Result<Draft | undefined, F>> | Result<Draft | undefined, F>;

/**
 * Fetches the signed-in person's newest event of a list from the city's relay and their write relays, hands
 * it to `make`, publishes what comes back to the same relays. Writes of one list happen one after the other. Fails with
 * `unreachable` when the current version can't be fetched, except for a key born here within the hour that never wrote one.
 */
export const publishMerged = async (
  city: City,
  list: number | ListAddress,
  make: (previous: NostrEvent | undefined) => Draft,
  options: MergeOptions = {},
): Promise<Result<Published, PublishFailure>> => {
  const written = await publishChanged(city, list, (previous) => ok(make(previous)), options);
  if (!written.ok || written.value) return written as Result<Published, PublishFailure>;
  throw new Error('a merge that always writes wrote nothing');
};

/** As `publishMerged`, with a change that takes time, may fail, or finds nothing to write (undefined). */
export const publishChanged = <F extends Failure>(
  city: City,
  list: number | ListAddress,
  make: Change<F>,
  options: MergeOptions = {},
): Promise<Result<Published | undefined, PublishFailure | F>> => {
  const queues = waiting.get(city) ?? new Map<string, Promise<unknown>>();
  waiting.set(city, queues);
  const key = listKey('', list);
  const before = queues.get(key) ?? Promise.resolve();
  const mine = before.then(() => changeNow(city, asAddress(list), make, options));
  queues.set(
    key,
    mine.catch(() => undefined),
  );
  return mine;
};

const changeNow = async <F extends Failure>(
  city: City,
  list: ListAddress,
  make: Change<F>,
  { alsoAt = [], clock = systemClock, ...publish }: MergeOptions,
): Promise<Result<Published | undefined, PublishFailure | F>> => {
  const account = city.account;
  if (!account) return fail('no-account', 'Join the conversation first.');
  const elsewhere = await otherRelays(city, account.pubkey, alsoAt);
  const previous = await fetchCurrent(city, account.pubkey, list, elsewhere, clock);
  if (!previous.ok) return previous;
  const draft = await make(previous.value);
  if (!draft.ok) return draft;
  if (!draft.value) return ok(undefined);
  return city.publish(later(draft.value, previous.value, clock), {
    ...publish,
    relays: [city.relay, ...elsewhere],
  });
};

/** The current version of a list of the person's own, fetched now. Fails with `unreachable` as `publishMerged` does. */
const fetchCurrent = async (
  city: City,
  pubkey: string,
  list: ListAddress,
  elsewhere: readonly string[],
  clock: Clock,
): Promise<Result<NostrEvent | undefined, Failure<'unreachable'>>> => {
  const named = list.d === undefined ? {} : { '#d': [list.d] };
  const filters = [{ kinds: [list.kind], authors: [pubkey], ...named, limit: 1 }];
  const [home, ...others] = await Promise.all([
    city.fetch({ filters }),
    ...elsewhere.map((relay) => city.fetch({ relay, filters })),
  ]);
  const isAnswered = home?.ok === true && (others.length === 0 || others.some((answer) => answer.ok));
  const known = currentVersion(await city.get(listsTable, listKey(pubkey, list)));
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
