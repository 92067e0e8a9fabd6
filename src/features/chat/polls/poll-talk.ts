/** Reading and answering a poll. */
import type { City } from '#client/city/city.ts';
import { POLL_ANSWER } from '#protocol/kinds.ts';
import { countVotes } from '#protocol/lines/polls.ts';
import type { Poll, Tally } from '#protocol/lines/polls.ts';
import type { LineRow } from '../rows/tables.ts';
import { pollVotes } from './vote-rows.ts';

/** Votes of so many people are counted. */
const MOST_PEOPLE = 5_000;

/** How it stands by what is here. */
export const readTally = async (
  city: Pick<City, 'part'>,
  { id, group }: Pick<LineRow, 'id' | 'group'>,
  poll: Poll,
): Promise<Tally> => {
  const rows = await city.part(pollVotes, { part: id, limit: MOST_PEOPLE });
  return countVotes(
    { ...poll, group },
    rows.flatMap(({ votes }) => votes),
  );
};

/** Asks the city for the answers; those of a private talk came in wraps. */
export const fetchVotes = async (
  city: Pick<City, 'fetch'>,
  { id, group }: Pick<LineRow, 'id' | 'group'>,
): Promise<void> => {
  await city.fetch({ filters: [{ kinds: [POLL_ANSWER], '#e': [id], '#h': [group] }] });
};

/** One's whole answer after pressing an option: another one, one more, or taken back. */
export const chosenAfter = (mine: readonly string[], option: string, several: boolean): readonly string[] => {
  if (mine.includes(option)) return mine.filter((one) => one !== option);
  return several ? [...mine, option] : [option];
};
