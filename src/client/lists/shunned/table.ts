/** What the log knows of whom and what the person does not want to meet. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { defineTable } from '../../store/table.ts';

/** The name of the local setting that says it. */
export const SHUNNED = 'shunned';

/** Whom and what counts and previews leave out. */
export interface ShunnedValue {
  /** Whose wish it is. */
  readonly of: string;
  /** Muted and blocked keys. */
  readonly people: readonly string[];
  readonly words: readonly string[];
}

/** As it was told last; one row. */
export const shunnedTable = defineTable<{ readonly id: string; readonly value: ShunnedValue }>({
  name: 'shunned',
  id: (row) => row.id,
});

/** Reads what the setting says; undefined for anything else. */
export const parseShunned = (value: unknown): ShunnedValue | undefined => {
  if (!isRecord(value) || !isHex64(value['of'])) return undefined;
  const { of, people, words } = value;
  if (!Array.isArray(people) || !Array.isArray(words)) return undefined;
  return {
    of: of as string,
    people: people.filter(isHex64),
    words: words.filter((word) => typeof word === 'string'),
  };
};
