/** What people say to each other in private (NIP-17, NIP-59): rumors, and the talk that a rumor belongs to. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { eventId, parseEvent } from '../event.ts';
import type { Draft, NostrEvent, Tag, UnsignedEvent } from '../event.ts';
import * as kinds from '../kinds.ts';
import { tagValues } from '../tags.ts';

/** An event with an id and no signature: nobody can prove to others who said it. */
export interface Rumor extends UnsignedEvent {
  readonly id: string;
}

/** Most people of a private talk, oneself included. */
const TALK_MAX = 10;

/** Kinds that are lines of a private talk. */
const SAID_KINDS: readonly number[] = [kinds.DIRECT_MESSAGE, kinds.DIRECT_FILE, kinds.POLL];

/** True for a line of a private talk. */
export const isSaid = ({ kind }: Pick<Rumor, 'kind'>): boolean => SAID_KINDS.includes(kind);

/** Kinds that say something in a private talk. */
const TALK_KINDS: readonly number[] = [
  ...SAID_KINDS,
  kinds.POLL_ANSWER,
  kinds.REACTION,
  kinds.DELETION,
  kinds.EDIT,
  kinds.RECEIPT,
  kinds.DISAPPEARING,
  kinds.UPDATE_PINS,
];

/** Kinds that are said while they are so, in wraps that nobody stores. */
const LIVE_KINDS: readonly number[] = [kinds.TYPING];

const PREFIX = '~';

/** A private talk's name on this device: everybody in it but oneself; oneself where nobody else is. Never on the wire. */
export const talkOf = (people: readonly string[], self: string): string => {
  const others = [...new Set(people)].filter((person) => person !== self).sort();
  return PREFIX + (others.length > 0 ? others : [self]).join(',');
};

/** True for the name of a private talk. A group of that name would be a lie: nothing from the wire may be one. */
export const isTalk = (id: string): boolean => id.startsWith(PREFIX);

/** The others of a private talk; undefined for any other name. */
export const peopleOf = (talk: string): readonly string[] | undefined => {
  const people = isTalk(talk) ? talk.slice(PREFIX.length).split(',') : [];
  return people.length > 0 && people.length < TALK_MAX && people.every(isHex64) ? people : undefined;
};

/** Gives a draft its author, its time and its id; `p` for everybody it goes to, no group. */
export const makeRumor = (
  { kind, content, tags }: Draft,
  { author, to, at }: { readonly author: string; readonly to: readonly string[]; readonly at: number },
): Rumor => {
  const others = to.filter((person) => person !== author || to.length === 1);
  const kept = tags.filter(([name]) => name !== 'h' && name !== 'p');
  const unsigned = {
    ...{ kind, content, pubkey: author, created_at: at },
    tags: [...others.map((person): Tag => ['p', person]), ...kept],
  };
  return { ...unsigned, id: eventId(unsigned) };
};

/** Everybody a rumor names: its author and those it goes to. */
export const talkPeople = (rumor: Pick<Rumor, 'pubkey' | 'tags'>): string[] => [
  ...new Set([rumor.pubkey, ...tagValues(rumor, 'p').filter(isHex64)]),
];

const NO_SIGNATURE = '0'.repeat(128);

/**
 * Reads what was in a seal by `author`. Fails with `rumor`: not an event, said in another's name, an id that is not its own, more
 * people than a talk has, or of a kind that nobody says in such a wrap.
 */
export const parseRumor = (
  text: string,
  author: string,
  wrapKind: number = kinds.GIFT_WRAP,
): Result<Rumor, Failure<'rumor'>> => {
  const json = parseJson(text);
  if (!json.ok || !isRecord(json.value)) return fail('rumor', 'a sealed message that is no event');
  const event = parseEvent({ ...json.value, sig: NO_SIGNATURE });
  if (!event.ok) return fail('rumor', event.error.message);
  const { sig: _sig, ...rumor } = event.value;
  if (rumor.pubkey !== author) return fail('rumor', 'a sealed message in somebody else’s name');
  if (eventId(rumor) !== rumor.id) return fail('rumor', 'a sealed message with an id that is not its own');
  const said = wrapKind === kinds.EPHEMERAL_GIFT_WRAP ? LIVE_KINDS : TALK_KINDS;
  if (!said.includes(rumor.kind)) return fail('rumor', 'a sealed message of a kind that is not private');
  return talkPeople(rumor).length <= TALK_MAX ? ok(rumor) : fail('rumor', 'a talk of too many people');
};

/** A rumor as the lines of a talk know events: with the talk as its group, unsigned. */
export const asTalkEvent = (rumor: Rumor, self: string): NostrEvent => ({
  ...rumor,
  sig: '',
  tags: [['h', talkOf(talkPeople(rumor), self)], ...rumor.tags.filter(([name]) => name !== 'h')],
});
