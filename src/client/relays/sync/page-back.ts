/** Everything that matches, from the newest back to the filter's `since`, however little a relay gives at once. */
import type { Filter } from '#protocol/filters.ts';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { SyncPorts } from './ports.ts';

const PAGE = 500;
/** Bounds what a relay can have us ask that always finds one more. */
const MOST_PAGES = 400;

/**
 * Pages until nothing older comes. The time (Unix seconds) from which on all was asked for: `since`, or later where there was no
 * end. A relay's own limit may be anything: only an empty page is an end.
 */
export const pageBack = async (
  ports: Pick<SyncPorts, 'fetch'>,
  relay: string,
  filter: Filter & { readonly since: number },
): Promise<Result<number, Failure<'unreachable' | 'refused'>>> => {
  let until: number | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const bound = until === undefined ? {} : { until };
    const answer = await ports.fetch(relay, { ...filter, limit: PAGE, ...bound });
    if (!answer.ok) return answer;
    const { oldest } = answer.value;
    if (oldest === undefined) return ok(filter.since);
    // The bound is inclusive, so that a second cut in two by a page is whole again; a page of that second alone moves on.
    until = until === undefined || oldest < until ? oldest : until - 1;
    if (until < filter.since) return ok(filter.since);
  }
  return ok(until ?? filter.since);
};
