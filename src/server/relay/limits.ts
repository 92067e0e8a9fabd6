/** The relay's limits: one table for checks, for NIP-11 and for the words of a refusal. Sizes in bytes, times in seconds. */
import { utf8Length } from '#shared/bytes.ts';
import { DAY, MINUTE, YEAR } from '#shared/time.ts';
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import { countLeadingZeroBits, committedWork, requiredWork } from '#protocol/proof-of-work.ts';
import type { WorkMode } from '#protocol/proof-of-work.ts';
import type { Reason } from '#protocol/reasons.ts';
import { expirationOf, findTag, groupOf, isExpired } from '#protocol/tags.ts';
import { refuse } from '../groups/state.ts';
import { isIndexable, isPlaced, isStorable, isStorableText } from '../store/rows.ts';

export const LIMITS = {
  frame: 128 * 1024,
  /** Frames up to here get an answer, longer ones end the connection (1009). */
  readableFrame: 1024 * 1024,
  event: 64 * 1024,
  tags: 2000,
  indexedValue: 1024,
  past: 3 * YEAR,
  future: 15 * MINUTE,
  ephemeralAge: MINUTE,
  lateInPlace: 7 * DAY,
  subscriptions: 20,
  filters: 10,
  limit: 500,
  subscriptionId: 64,
  unsent: 8 * 1024 * 1024,
  /** The same for all connections together: beyond it, who reads slowest is let go. */
  unsentInAll: 128 * 1024 * 1024,
  /** Messages of one connection at work; no more are read before some are answered. */
  unanswered: 64,
  /** Open connections of one address. */
  connections: 256,
  /** Values (ids, keys, kinds, tags) in all open questions of one address: each costs memory while it is open. */
  watched: 200_000,
  /** NIP-77: open at once on one connection. */
  reconciliations: 8,
  /** Events that one reconciliation may cover; each costs about 41 bytes while it is open. */
  reconciledRecords: 500_000,
  /** The same for one address, and for the whole city. */
  reconciledByOne: 1_000_000,
  reconciledInAll: 4_000_000,
  /** A message of ours, before it becomes hex. */
  reconciliationFrame: 60 * 1024,
  /** A reconciliation that is not gone on with ends. */
  reconciliationIdle: MINUTE,
  /** Openings that look into the store at once, and that wait to. */
  lookups: 2,
  lookupsWaiting: 64,
  /** Questions of one address that the database works on at once; the others wait for their turn. */
  questionsAtOnce: 4,
  /** Text of one answer to several filters; the newest come first. */
  answer: 32 * 1024 * 1024,
  /** Messages beyond the pace, after which a connection is ended. */
  excess: 200,
} as const;

type Checked = Result<true, Reason>;
const fine: Checked = ok(true);
const invalid = (message: string): Checked => refuse('invalid', message);

const checkSize = (event: NostrEvent): Checked => {
  if (event.tags.length > LIMITS.tags)
    return invalid(`an event has at most ${LIMITS.tags} tags, this one has ${event.tags.length}`);
  const size = utf8Length(JSON.stringify(event));
  return size > LIMITS.event
    ? invalid(`an event has at most ${LIMITS.event} bytes, this one has ${size}`)
    : fine;
};

const checkText = (event: NostrEvent): Checked => {
  if (!isStorable(event)) return invalid('text must not contain NUL characters or broken surrogate pairs');
  const long = event.tags.find((tag) => isIndexable(tag) && utf8Length(tag[1] ?? '') > LIMITS.indexedValue);
  return long ? invalid(`the value of a ${long[0]} tag has at most ${LIMITS.indexedValue} bytes`) : fine;
};

const checkTime = (event: NostrEvent, now: number): Checked => {
  const age = now - event.created_at;
  if (-age > LIMITS.future) return invalid(`created_at is more than ${LIMITS.future} seconds in the future`);
  if (age > LIMITS.past) return invalid(`created_at is more than ${LIMITS.past} seconds ago`);
  if (kinds.isEphemeral(event.kind) && Math.abs(age) > LIMITS.ephemeralAge)
    return invalid(`an ephemeral event is at most ${LIMITS.ephemeralAge} seconds off`);
  if (groupOf(event) !== undefined && age > LIMITS.lateInPlace)
    return invalid(`in a place created_at is at most ${LIMITS.lateInPlace} seconds ago`);
  if (findTag(event, 'expiration') && expirationOf(event) === undefined)
    return invalid('expiration is a time in Unix seconds');
  return isExpired(event, now) ? invalid('this event has expired') : fine;
};

const checkPlace = (event: NostrEvent): Checked =>
  isPlaced(event) ? fine : invalid('an event belongs to one place: give one h tag');

/** NIP-01's own kinds that no stranger sends: AUTH travels alone, 39000–39009 are the city's. */
const checkKind = (event: NostrEvent): Checked => {
  if (event.kind === kinds.CLIENT_AUTH) return invalid('kind 22242 belongs in an AUTH message');
  return kinds.isGroupState(event.kind)
    ? refuse('restricted', "only the city's own key says what a place is")
    : fine;
};

const firstRefusal = (...checks: readonly (() => Checked)[]): Checked => {
  for (const check of checks) {
    const checked = check();
    if (!checked.ok) return checked;
  }
  return fine;
};

/** Everything that can be said without hashing: size, text, time, kind, one place. */
export const checkLimits = (event: NostrEvent, now: number): Checked =>
  firstRefusal(
    () => checkSize(event),
    () => checkKind(event),
    () => checkText(event),
    () => checkTime(event, now),
    () => checkPlace(event),
  );

/** NIP-13: the committed target and the real difficulty both reach the price of the kind. */
export const checkWork = (event: NostrEvent, mode: WorkMode): Checked => {
  const needed = requiredWork(event, mode);
  if (needed === 0) return fine;
  const has = Math.min(countLeadingZeroBits(event.id), committedWork(event) ?? 0);
  return has >= needed ? fine : refuse('pow', `${event.kind} needs ${needed} bits, has ${has}`);
};

/** Limits of a REQ or COUNT; `open` counts the connection's other subscriptions. */
export const checkFilters = (filters: readonly Filter[], open: number): Checked => {
  if (filters.length > LIMITS.filters) return invalid(`at most ${LIMITS.filters} filters at once`);
  if (open >= LIMITS.subscriptions)
    return refuse('rate-limited', `at most ${LIMITS.subscriptions} subscriptions at once`);
  const texts = filters.flatMap((filter) => Object.values(filter).flat());
  return texts.some((text) => typeof text === 'string' && !isStorableText(text))
    ? invalid('text must not contain NUL characters or broken surrogate pairs')
    : fine;
};
