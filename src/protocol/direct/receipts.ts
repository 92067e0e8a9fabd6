/** How far somebody has received or read what others said to them: rumors of private talk (seed 001 `status`). */
import { isHex64 } from '#shared/bytes.ts';
import type { Draft } from '../event.ts';
import * as kinds from '../kinds.ts';
import { tagValue, tagValues } from '../tags.ts';
import type { Rumor } from './rumors.ts';

/** `delivered`: a device of theirs has it; `read`: they have seen it. */
export type ReceiptStatus = 'delivered' | 'read';

export interface Receipt {
  /** The newest line it covers: it speaks of all older ones of the same author too. */
  readonly line: string;
  readonly status: ReceiptStatus;
}

/** Kind 20014. */
export const makeReceipt = ({ line, status }: Receipt): Draft => ({
  kind: kinds.RECEIPT,
  content: '',
  tags: [
    ['e', line],
    ['status', status],
  ],
});

const isStatus = (text: string | undefined): text is ReceiptStatus => text === 'delivered' || text === 'read';

/** Reads a receipt for one line; undefined for anything else. */
export const parseReceipt = (rumor: Pick<Rumor, 'kind' | 'tags'>): Receipt | undefined => {
  const [line, ...more] = tagValues(rumor, 'e');
  const status = tagValue(rumor, 'status');
  if (rumor.kind !== kinds.RECEIPT || !isHex64(line) || more.length > 0 || !isStatus(status))
    return undefined;
  return { line, status };
};
