/** Questions with answers to choose from, and how they are counted (NIP-88). */
import { isHex64 } from '#shared/bytes.ts';
import { displayLine } from '#shared/text.ts';
import type { Draft, NostrEvent, Tag } from '../event.ts';
import * as kinds from '../kinds.ts';
import { groupOf, tagValue, tagValues } from '../tags.ts';

/** Most answers of a question; what others offer beyond them is not shown and not counted. */
export const OPTIONS_MAX = 10;
/** Characters of an answer. */
export const OPTION_LENGTH = 100;

interface PollOption {
  readonly id: string;
  readonly label: string;
}

export interface Poll {
  /** Two to ten, each with an id of its own. */
  readonly options: readonly PollOption[];
  /** Several answers may be chosen. */
  readonly several: boolean;
  /** Unix seconds after which nothing counts any more; absent for never. */
  readonly ends?: number;
}

export interface PollWish {
  readonly group: string;
  readonly question: string;
  /** In order, at least two. */
  readonly options: readonly string[];
  readonly several: boolean;
  /** Unix seconds. */
  readonly ends?: number | undefined;
}

/** Kind 1068. */
export const makePoll = ({ group, question, options, several, ends }: PollWish): Draft => ({
  kind: kinds.POLL,
  content: question,
  tags: [
    ['h', group],
    ...options.slice(0, OPTIONS_MAX).map((label, at): Tag => ['option', String(at + 1), label]),
    ['polltype', several ? 'multiplechoice' : 'singlechoice'],
    ...(ends === undefined ? [] : [['endsAt', String(ends)]]),
  ],
});

const optionsOf = ({ tags }: Pick<NostrEvent, 'tags'>): PollOption[] => {
  const found = new Map<string, string>();
  for (const [name, id = '', text = ''] of tags) {
    const label = name === 'option' ? displayLine(text, OPTION_LENGTH) : '';
    const isUsable = label !== '' && /^[a-zA-Z0-9]{1,64}$/.test(id) && !found.has(id);
    if (isUsable && found.size < OPTIONS_MAX) found.set(id, label);
  }
  return [...found].map(([id, label]) => ({ id, label }));
};

/** Reads what can be answered; undefined for another kind, and where there is nothing to choose. */
export const parsePoll = (event: Pick<NostrEvent, 'kind' | 'tags'>): Poll | undefined => {
  if (event.kind !== kinds.POLL) return undefined;
  const options = optionsOf(event);
  const end = tagValue(event, 'endsAt') ?? '';
  const several = tagValue(event, 'polltype') === 'multiplechoice';
  if (options.length < 2) return undefined;
  return { options, several, ...(/^\d{1,12}$/.test(end) ? { ends: Number(end) } : {}) };
};

/** Kind 1018: one's whole answer anew; no option takes it back. */
export const makeVote = (group: string, poll: string, options: readonly string[]): Draft => ({
  kind: kinds.POLL_ANSWER,
  content: '',
  tags: [['h', group], ['e', poll], ...options.map((option): Tag => ['response', option])],
});

/** Somebody's answer, as read from the wire. */
export interface Vote {
  readonly id: string;
  readonly group: string;
  readonly poll: string;
  readonly author: string;
  /** Ids of options, each once. */
  readonly options: readonly string[];
  /** Unix seconds. */
  readonly at: number;
}

/** Reads an answer to exactly one poll; undefined for anything else. */
export const parseVote = (event: NostrEvent): Vote | undefined => {
  const group = groupOf(event);
  const [poll, ...more] = tagValues(event, 'e');
  if (event.kind !== kinds.POLL_ANSWER || group === undefined || !isHex64(poll) || more.length > 0)
    return undefined;
  const options = [...new Set(tagValues(event, 'response'))].slice(0, OPTIONS_MAX);
  return { id: event.id, group, poll, author: event.pubkey, options, at: event.created_at };
};

/** A poll where it stands. */
export interface AskedPoll extends Poll {
  readonly group: string;
}

/** True for an answer in the poll's own place that was given before its end. */
export const isInTime = (
  vote: Pick<Vote, 'group' | 'at'>,
  { group, ends }: Pick<AskedPoll, 'group' | 'ends'>,
): boolean => vote.group === group && (ends === undefined || vote.at <= ends);

/** Who chose what. */
export interface Tally {
  /** By option: people, in the order of their answers. */
  readonly people: ReadonlyMap<string, readonly string[]>;
  /** How many people have chosen anything. */
  readonly voters: number;
}

const isNewer = (a: Vote, b: Vote | undefined): boolean =>
  b === undefined || a.at > b.at || (a.at === b.at && a.id < b.id);

/** Counts each person's newest answer in time; of one where only one may be chosen, its first option. */
export const countVotes = (poll: AskedPoll, votes: readonly Vote[]): Tally => {
  const newest = new Map<string, Vote>();
  for (const vote of votes)
    if (isInTime(vote, poll) && isNewer(vote, newest.get(vote.author))) newest.set(vote.author, vote);
  const people = new Map<string, string[]>(poll.options.map(({ id }) => [id, []]));
  let voters = 0;
  for (const vote of [...newest.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    const chosen = vote.options.filter((id) => people.has(id)).slice(0, poll.several ? OPTIONS_MAX : 1);
    for (const id of chosen) people.get(id)?.push(vote.author);
    voters += Number(chosen.length > 0);
  }
  return { people, voters };
};
