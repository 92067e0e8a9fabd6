/** What was sealed in one's own lists, once it was opened. */
import { defineTable } from '../store/table.ts';

/** One version of a list. */
export interface OpenedListRow {
  /** The id of the version's event. */
  readonly id: string;
  /** `listKey`. */
  readonly list: string;
  /** When it was made, Unix seconds. */
  readonly at: number;
  readonly content: string;
}

/** Part: the list; order: time. */
export const openedLists = defineTable<OpenedListRow>({
  name: 'opened_lists',
  id: (row) => row.id,
  part: (row) => row.list,
  order: (row) => row.at,
});
