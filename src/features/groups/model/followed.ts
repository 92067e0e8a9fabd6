/** Whose places are kept whole on a device, for the engine's worker. */
import type { RowReader, Watched } from '#client/store/table.ts';
import { peopleOf } from './standing.ts';
import { groups, members } from './tables.ts';

/** Ids of the places whose lists have this person, but for those that have ended. */
const places = async (rows: RowReader, me: string): Promise<string[]> => {
  const mine = (await rows.all(members))
    .filter((row) => peopleOf(row).some(({ pubkey }) => pubkey === me))
    .map(({ group }) => group);
  const found = await rows.getMany(groups, mine);
  return mine.filter((_, at) => found[at]?.deletedAt === undefined);
};

const watched: readonly Watched[] = [{ table: members.name }];

/** My places, and what changes when there is another one. */
export const followedPlaces = { watched, places };
