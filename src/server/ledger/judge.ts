/** The last checks before the store: known already, taken away, rules of the place, newer version. Pure but for its batch. */
import { isHex64 } from '#shared/bytes.ts';
import { ok } from '#shared/result.ts';
import { MINUTE } from '#shared/time.ts';
import type { Result } from '#shared/result.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { newestFirst } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { countsFor, EDIT_WITHIN, parseEdit } from '#protocol/lines/edits.ts';
import type { Reason } from '#protocol/reasons.ts';
import { groupOf, hasTag, tagValues } from '#protocol/tags.ts';
import { applyGroupEvent, isRemovable, refuseUnknownPlace } from '../groups/apply.ts';
import { opaqueName } from '../groups/read-actions.ts';
import { PENDING } from '../groups/requests.ts';
import { refuse } from '../groups/state.ts';
import type { GroupContext, GroupEffect, GroupState } from '../groups/state.ts';
import { SUPPORTED_KINDS } from '../groups/supported-kinds.ts';
import { keysBehind, prefixKey, previousOf, tombstoneKey } from '../store/facts.ts';
import { addressOf, parseAddress } from '../store/rows.ts';
import { vanishedTarget, VANISHING } from '../store/vanishing.ts';
import type { Batch } from './batch.ts';

export interface Rules {
  readonly self: string;
  readonly operators: ReadonlySet<string>;
  /** Unix seconds. */
  readonly now: number;
  /** Signs as the city. */
  readonly sign: (draft: Draft) => NostrEvent;
  /** The city's answers get the time of what they answer (imports). */
  readonly backdated?: boolean;
}

/** An accepted event: what to send on, and what its author hears beside "accepted" or instead of it. */
interface Accepted {
  readonly delivered: readonly NostrEvent[];
  /** Kept, but answered `false` with these words (a request that waits). */
  readonly held?: Reason;
}
type Judged = Result<Accepted, Reason>;

/** In whose name an admin takes events away: the place's, so that it counts in this place alone. */
const nameOfPlace = (place: string): string => `h:${place}`;

const isGone = ({ facts }: Batch, event: NostrEvent): boolean => {
  const { tombstones } = facts;
  const place = groupOf(event);
  if (keysBehind(event).some((key) => tombstones.has(tombstoneKey(event.id, key)))) return true;
  // What can't be taken away when it is here isn't kept from coming either.
  if (
    place !== undefined &&
    isRemovable(event.kind) &&
    tombstones.has(tombstoneKey(event.id, nameOfPlace(place)))
  )
    return true;
  const address = addressOf(event);
  const until = address === undefined ? undefined : tombstones.get(tombstoneKey(address, event.pubkey));
  return until !== undefined && event.created_at <= until;
};

/** Up to when a key has vanished (NIP-62), if it has. */
const vanishedUntil = ({ facts }: Batch, key: string): number =>
  facts.tombstones.get(tombstoneKey(vanishedTarget(key), key)) ?? -1;

const hasVanished = (batch: Batch, event: NostrEvent): boolean =>
  keysBehind(event).some((key) => event.created_at <= vanishedUntil(batch, key));

const PREFIX = /^[0-9a-f]{8}$/;

/** NIP-29's `previous`; asked last, so that it tells nobody outside what a place holds. */
const checkPrevious = (batch: Batch, event: NostrEvent, place: string): Result<true, Reason> => {
  for (const prefix of previousOf(event)) {
    if (!PREFIX.test(prefix)) return refuse('invalid', 'previous tags hold the first 8 hex digits of ids');
    if (!batch.facts.prefixes.has(prefixKey(place, prefix)))
      return refuse('invalid', `previous tag ${prefix} names nothing in this place`);
  }
  return ok(true);
};

const isOutside = (state: GroupState, author: string, rules: Pick<Rules, 'operators'>): boolean =>
  !state.members.has(author) && !rules.operators.has(author);

/** Rules for talk in a place; also asked for ephemeral events, which are never stored. */
export const checkTalk = (
  state: GroupState | undefined,
  event: NostrEvent,
  rules: Pick<Rules, 'operators'>,
): Result<true, Reason> => {
  if (!state) return refuseUnknownPlace();
  const { modes, supportedKinds = SUPPORTED_KINDS } = state.profile;
  const outside = isOutside(state, event.pubkey, rules);
  if (outside && modes.hidden) return refuseUnknownPlace();
  if (state.deleted) return refuse('blocked', 'this place was deleted');
  if (outside && (modes.restricted || modes.private))
    return refuse('restricted', 'only members write in this place');
  if (!kinds.isEphemeral(event.kind) && !supportedKinds.includes(event.kind))
    return refuse('restricted', `this place takes no events of kind ${event.kind}`);
  return ok(true);
};

/** Who left or was removed may take back what they said in a place; nothing else goes under that name. */
const takesOwnBack = (batch: Batch, event: NostrEvent, place: string): boolean => {
  const targets = event.kind === kinds.DELETION ? tagValues(event, 'e').map((id) => batch.find(id)) : [];
  return (
    targets.length > 0 &&
    targets.every((target) => target?.pubkey === event.pubkey && groupOf(target) === place)
  );
};

const UNDELETABLE: ReadonlySet<number> = new Set([kinds.DELETION, kinds.VANISH]);

const deleteOwn = (batch: Batch, event: NostrEvent, { now }: Rules): Result<true, Reason> => {
  const ids = tagValues(event, 'e').filter(isHex64);
  const addresses = tagValues(event, 'a').flatMap((text) => parseAddress(text) ?? []);
  if (addresses.some(({ pubkey }) => pubkey !== event.pubkey))
    return refuse('restricted', 'only the author of an event may delete it');
  for (const id of ids) {
    const target = batch.find(id);
    if (target && !keysBehind(target).includes(event.pubkey))
      return refuse('restricted', 'only the author of an event may delete it');
    if (target && (kinds.isGroupAction(target.kind) || UNDELETABLE.has(target.kind)))
      return refuse('restricted', `events of kind ${target.kind} cannot be deleted`);
  }
  for (const id of ids) batch.take(id, event.pubkey, now);
  for (const { kind, pubkey, identifier } of addresses) {
    const address = `${kind}:${pubkey}:${identifier}`;
    const version = batch.facts.versions.get(address);
    if (version && version.created_at <= event.created_at) batch.plan.removals.push(version.id);
    batch.bury(address, event.pubkey, event.created_at);
  }
  return ok(true);
};

/**
 * The relay's answer names what it answers: two equal answers within one second would be one event. The id of a request
 * with a code is a hash of that code, which a guess could be held against.
 */
const answering = (draft: Draft, event: NostrEvent, { backdated }: Rules): Draft => ({
  ...draft,
  tags: [...draft.tags, ['cause', hasTag(event, 'code') ? opaqueName(event) : event.id]],
  ...(backdated ? { created_at: event.created_at } : {}),
});

const carryOut = (
  batch: Batch,
  event: NostrEvent,
  effect: GroupEffect,
  rules: Rules,
): { readonly issued?: NostrEvent; readonly held?: Reason } => {
  switch (effect.type) {
    case 'issue':
      return { issued: rules.sign(answering(effect.draft, event, rules)) };
    case 'delete-events':
      for (const id of effect.ids) {
        if (batch.find(id)?.pubkey !== event.pubkey) batch.plan.setAside.push(id);
        batch.take(id, nameOfPlace(groupOf(event) ?? ''), rules.now);
      }
      return {};
    case 'delete-content':
      batch.plan.emptied.push(groupOf(event) ?? '');
      return {};
    case 'hold-request':
      batch.plan.replacedRequests.push({
        place: groupOf(event) ?? '',
        author: effect.author,
        keep: event.id,
      });
      return { held: { code: 'restricted', message: effect.message } };
  }
};

const act = (batch: Batch, event: NostrEvent, place: string, rules: Rules): Judged => {
  const context: GroupContext = { ...rules, find: (id) => batch.find(id), places: batch };
  const applied = applyGroupEvent(batch.get(place), event, context);
  if (!applied.ok) return applied;
  const previous = checkPrevious(batch, event, place);
  if (!previous.ok) return previous;
  batch.put(applied.value.state);
  batch.insert(event);
  const delivered = [event];
  let held: Reason | undefined;
  for (const effect of applied.value.effects) {
    const outcome = carryOut(batch, event, effect, rules);
    held ??= outcome.held;
    if (!outcome.issued) continue;
    const answer = act(batch, outcome.issued, place, rules);
    if (!answer.ok) throw new Error(`the relay's own answer was refused: ${answer.error.message}`);
    delivered.push(...answer.value.delivered);
  }
  return ok(held ? { delivered, held } : { delivered });
};

const keepNewest = (batch: Batch, event: NostrEvent): Result<true, Reason> => {
  const address = addressOf(event);
  const current = address === undefined ? undefined : batch.facts.versions.get(address);
  return current && newestFirst(current, event) < 0
    ? refuse('invalid', 'a newer version of this is already stored')
    : ok(true);
};

/**
 * An edit of a line of its place counts, or is not kept; the line may come later. Whether it lies in another place is told to nobody, and
 * no reader takes such an edit for one.
 */
const checkEdit = (batch: Batch, event: NostrEvent): Result<true, Reason> => {
  const edit = parseEdit(event);
  const line = edit && batch.find(edit.line);
  if (!edit || !line || groupOf(line) !== edit.group) return ok(true);
  if (line.pubkey !== edit.author) return refuse('restricted', 'only the author of a line may edit it');
  return countsFor(edit, { author: line.pubkey, group: edit.group, at: line.created_at })
    ? ok(true)
    : refuse('restricted', `a line may be edited for ${EDIT_WITHIN / MINUTE} minutes`);
};

const store = (batch: Batch, event: NostrEvent, rules: Rules): Judged => {
  const newest = keepNewest(batch, event);
  if (!newest.ok) return newest;
  const edit = checkEdit(batch, event);
  if (!edit.ok) return edit;
  if (event.kind === kinds.DELETION) {
    const deleted = deleteOwn(batch, event, rules);
    if (!deleted.ok) return deleted;
  }
  batch.insert(event);
  return ok({ delivered: [event] });
};

/** NIP-62: from here on nothing of the key up to that time is taken; what is here goes behind the answer (vanish/). */
const vanish = (batch: Batch, event: NostrEvent): Judged => {
  const { pubkey, created_at } = event;
  if (created_at <= vanishedUntil(batch, pubkey))
    return refuse('duplicate', 'this key has vanished already, up to a later time');
  for (const target of [vanishedTarget(pubkey), VANISHING]) batch.bury(target, pubkey, created_at);
  batch.insert(event);
  return ok({ delivered: [event] });
};

const again = refuse('duplicate', 'already here');

const isWaiting = (batch: Batch, event: NostrEvent): boolean =>
  event.kind === kinds.JOIN_REQUEST && !batch.get(groupOf(event) ?? '')?.members.has(event.pubkey);

/** Judges one event and, when it is accepted, adds what it writes to the batch. */
export const judge = (batch: Batch, event: NostrEvent, rules: Rules): Judged => {
  if (batch.facts.known.has(event.id)) return isWaiting(batch, event) ? refuse('restricted', PENDING) : again;
  if (event.kind === kinds.VANISH) return vanish(batch, event);
  if (hasVanished(batch, event))
    return refuse('blocked', 'this key has vanished; nothing from before is taken');
  if (isGone(batch, event)) return refuse('blocked', 'this event was deleted');
  const place = groupOf(event);
  if (place === undefined)
    return kinds.isGroupAction(event.kind)
      ? refuse('invalid', 'an h tag must name the place')
      : store(batch, event, rules);
  if (kinds.isGroupAction(event.kind)) return act(batch, event, place, rules);
  const talk = checkTalk(batch.get(place), event, rules);
  if (!talk.ok && !takesOwnBack(batch, event, place)) return talk;
  const previous = checkPrevious(batch, event, place);
  return previous.ok ? store(batch, event, rules) : previous;
};
