/** Answers to polls as they come: a person's newest few, because one may come before the poll and be too late for it. */
import type { RowWriter } from '#client/store/table.ts';
import { defineTable } from '#client/store/table.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isInTime, parseVote } from '#protocol/lines/polls.ts';
import type { Vote } from '#protocol/lines/polls.ts';
import { lines } from '../rows/tables.ts';

/** One person's answers to one poll. */
interface VotesRow {
  readonly poll: string;
  readonly author: string;
  /** Newest first. */
  readonly votes: readonly Vote[];
}

/** Part: the poll. */
export const pollVotes = defineTable<VotesRow>({
  name: 'poll_votes',
  id: ({ poll, author }) => `${poll} ${author}`,
  part: (row) => row.poll,
});

/** Answers given here, for what is said of them by id. */
export const ownVotes = defineTable<{ readonly id: string; readonly row: string }>({
  name: 'poll_own_votes',
  id: (row) => row.id,
});

const MOST_VOTES = 5;

const newestFirst = (a: Vote, b: Vote): number => b.at - a.at || (a.id < b.id ? -1 : 1);

const keep = async (rows: RowWriter, vote: Vote): Promise<void> => {
  const line = await rows.get(lines, vote.poll);
  if (line && !isInTime(vote, { group: line.group, ...line.poll })) return;
  const { poll, author } = vote;
  const known = (await rows.get(pollVotes, `${poll} ${author}`))?.votes ?? [];
  if (known.some(({ id }) => id === vote.id)) return;
  rows.put(pollVotes, { poll, author, votes: [...known, vote].sort(newestFirst).slice(0, MOST_VOTES) });
};

/** An answer in a place, from its relay or (`own`) signed here. Who pretends to answer in a private talk is not heard. */
export const projectPlaceVote = async (rows: RowWriter, event: NostrEvent, isOwn = false): Promise<void> => {
  const vote = parseVote(event);
  if (!vote || isTalk(vote.group)) return;
  if (isOwn) rows.put(ownVotes, { id: vote.id, row: `${vote.poll} ${vote.author}` });
  await keep(rows, vote);
};

/** An answer out of a wrap, or given here: an event with the talk as its group. */
export const projectTalkVote = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const vote = parseVote(event);
  if (vote) await keep(rows, vote);
};

/** The person gave up an answer that no relay has. */
export const dropVote = async (rows: RowWriter, id: string): Promise<void> => {
  const own = await rows.get(ownVotes, id);
  const row = own && (await rows.get(pollVotes, own.row));
  if (row) rows.put(pollVotes, { ...row, votes: row.votes.filter((vote) => vote.id !== id) });
};
