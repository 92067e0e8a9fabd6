/** Kind 30315, `d` = `general`: how somebody is just now, in a line (NIP-38). */
import { displayLine } from '#shared/text.ts';
import type { Draft, NostrEvent } from '../event.ts';
import { STATUS } from '../kinds.ts';

export const STATUS_MAX = 80;
/** The one of a person's statuses that is shown. */
export const STATUS_NAME = 'general';

/** A status as it was said; empty text ends the one before. */
export interface Status {
  readonly text: string;
  /** Unix seconds until when it is so; undefined: until another one. */
  readonly until?: number;
}

/** Says how one is. */
export const makeStatus = ({ text, until }: Status): Draft => ({
  kind: STATUS,
  content: displayLine(text, STATUS_MAX),
  tags: [['d', STATUS_NAME], ...(until === undefined ? [] : [['expiration', String(until)]])],
});

/** Reads a stranger's status as one safe line; undefined for another kind or name. */
export const parseStatus = (event: NostrEvent): Status | undefined => {
  const valueOf = (name: string) => event.tags.find((tag) => tag[0] === name)?.[1];
  if (event.kind !== STATUS || valueOf('d') !== STATUS_NAME) return undefined;
  const until = valueOf('expiration');
  const text = displayLine(event.content.slice(0, 4 * STATUS_MAX), STATUS_MAX);
  return { text, ...(until !== undefined && /^\d{1,12}$/.test(until) ? { until: Number(until) } : {}) };
};
