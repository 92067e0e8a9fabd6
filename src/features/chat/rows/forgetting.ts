/** What an event says leaves the log wherever it stands there: in private talk also in the wraps that brought it. */
import type { RowWriter } from '#client/store/table.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import { isHex64 } from '#shared/bytes.ts';
import { outgoing } from './tables.ts';
import type { LineRow } from './tables.ts';

/** Forgets an event of a place, or a rumor with every wrap of it that was or can be opened here. */
export const forgetCarried = async (
  rows: RowWriter,
  { id, group, relays }: Pick<LineRow, 'id' | 'group' | 'relays'>,
): Promise<void> => {
  rows.forget(id);
  if (!isTalk(group)) return;
  const copies = (await rows.get(outgoing, id))?.copies ?? [];
  for (const wrap of [...relays, ...copies]) if (isHex64(wrap)) rows.forget(wrap);
};
