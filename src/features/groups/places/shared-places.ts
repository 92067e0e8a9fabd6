/** Places where I meet somebody. */
import type { RowReader } from '#client/store/table.ts';
import { peopleOf } from '../model/standing.ts';
import { members } from '../model/tables.ts';
import type { Place } from './place.ts';

/** Those of my places in which this person is too, as far as the places' lists were seen here. */
export const sharedPlaces = async (
  rows: Pick<RowReader, 'getMany'>,
  mine: readonly Place[],
  pubkey: string,
): Promise<Place[]> => {
  const lists = await rows.getMany(
    members,
    mine.map(({ id }) => id),
  );
  return mine.filter((_, index) => peopleOf(lists[index]).some((person) => person.pubkey === pubkey));
};
