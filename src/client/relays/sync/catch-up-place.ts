/**
 * One place's talk made whole: what the relay has and this device lacks is fetched, by reconciling where the relay does that,
 * else page by page; what this device has and the relay lacks is asked after, since a deletion may have taken it.
 */
import { inboxFilter } from '#protocol/direct/inboxes.ts';
import type { Filter } from '#protocol/filters.ts';
import { groupTalkFilter } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY } from '#shared/time.ts';
import { MOST_LOST } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { pageBack } from './page-back.ts';
import type { Followed, SyncPorts } from './ports.ts';

/** Reconciling looks at least so far back (seconds): equal stretches cost next to nothing. */
const WINDOW = 30 * DAY;
/** A relay takes a place's lines up to seven days late; clocks differ. */
const LATE = 8 * DAY;
/** Of a place that nothing is here of, so much is fetched; older lines come when somebody reads back. */
const FIRST_PAGE = 500;
const IDS_A_QUESTION = 250;
const DELETIONS_A_QUESTION = 100;
/** Questions for ids that may come back empty before a relay is taken to name what it doesn't give. */
const MOST_EMPTY = 3;
const MOST_ROUNDS = 8;

type Page = Parameters<typeof groupTalkFilter>[1];

const filterOf = (place: string, page: Page): Filter =>
  inboxFilter(place, page) ?? groupTalkFilter(place, page);

type CatchUpFailure = Failure<'unreachable' | 'refused'>;
export type CaughtUp = Result<Cursor, CatchUpFailure>;

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

/** Makes a place (or an inbox) whole from its cursor's floor on; a place without a cursor begins with what is here, or one page. */
export const catchUpPlace = async (
  ports: SyncPorts,
  followed: Followed,
  before: Cursor | undefined,
): Promise<CaughtUp> => {
  const now = ports.clock.now();
  const begun = before ? ok(before) : await begin(ports, followed, now);
  if (!begun.ok || (!before && begun.value.upTo === now)) return begun;
  const reconciled = await reconcile(ports, followed, begun.value, now);
  if (reconciled) return reconciled;
  const since = Math.max(begun.value.floor, begun.value.upTo - LATE, 0);
  const paged = await pageBack(ports, followed.relay, { ...filterOf(followed.place, {}), since });
  if (!paged.ok) return paged;
  const isWhole = paged.value <= since;
  return ok({ ...begun.value, floor: isWhole ? begun.value.floor : paged.value, upTo: now });
};

/** What is here already is where wholeness begins; else the newest page. */
const begin = async (ports: SyncPorts, { relay, place }: Followed, now: number): Promise<CaughtUp> => {
  // Nobody reads letters back page by page: all of them are wanted.
  if (inboxFilter(place)) return ok({ floor: 0, upTo: 0, lost: [] });
  const filter = groupTalkFilter(place, { limit: FIRST_PAGE });
  const since = now - WINDOW;
  const here = await ports.held(place, { kinds: filter.kinds ?? [], since });
  const page = here.length > 0 ? ok({ oldest: oldestOf(here) }) : await ports.fetch(relay, filter);
  if (!page.ok) return page;
  const { oldest = now } = page.value;
  const older = await ports.fetch(relay, { ...filter, limit: 1, until: oldest - 1 });
  if (!older.ok) return older;
  // Nothing before it: from its very beginning the place is whole, whatever comes late.
  const floor = older.value.received === 0 ? 0 : oldest;
  return ok({ floor, upTo: here.length > 0 ? 0 : now, lost: [] });
};

const oldestOf = (items: readonly Item[]): number =>
  items.reduce((oldest, { at }) => Math.min(oldest, at), Infinity);

/** Undefined where the relay doesn't reconcile. */
const reconcile = async (
  ports: SyncPorts,
  followed: Followed,
  cursor: Cursor,
  now: number,
): Promise<CaughtUp | undefined> => {
  const since = Math.max(cursor.floor, Math.min(cursor.upTo - LATE, now - WINDOW), 0);
  const filter = filterOf(followed.place, { since });
  let lost = new Set(cursor.lost);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const here = await ports.held(followed.place, { kinds: filter.kinds ?? [], since });
    const items = new ItemSet(here.filter(({ id }) => !lost.has(id)));
    const found = await ports.reconcile(followed.relay, filter, items);
    if (!found.ok) return failureOf(found.error);
    const { have, need, isWhole } = found.value;
    const fetched = await fetchNeeded(ports, followed.relay, need);
    if (!fetched.ok) return fetched;
    const asked = await askAfter(ports, followed.relay, have);
    if (!asked.ok) return asked;
    need.forEach((id) => lost.delete(id));
    lost = new Set([...have, ...lost].slice(0, MOST_LOST));
    if (isWhole) return ok({ floor: cursor.floor, upTo: now, lost: inWindow(lost, here) });
    if (fetched.value === 0) break;
  }
  // Too much for one time: the cursor stays, and the next time goes on from what is here by then.
  return ok({ ...cursor, lost: [...lost] });
};

const failureOf = ({
  code,
  message,
}: Failure<'unsupported' | 'refused' | 'unreachable'>): CaughtUp | undefined =>
  code === 'unsupported' ? undefined : { ok: false, error: { code, message } };

/** Only what would be compared again is worth remembering. */
const inWindow = (lost: ReadonlySet<string>, here: readonly { readonly id: string }[]): string[] =>
  here.flatMap(({ id }) => (lost.has(id) ? [id] : []));

/** How many came. A relay that names ids and never gives them is not asked on and on. */
const fetchNeeded = async (
  ports: SyncPorts,
  relay: string,
  need: readonly string[],
): Promise<Result<number, CatchUpFailure>> => {
  let received = 0;
  let empty = 0;
  for (const ids of chunks(need, IDS_A_QUESTION)) {
    const answer = await ports.fetch(relay, { ids });
    if (!answer.ok) return answer;
    received += answer.value.received;
    empty = answer.value.received === 0 ? empty + 1 : 0;
    if (empty >= MOST_EMPTY) break;
  }
  return ok(received);
};

/** Deletions need not name their place: those of what the relay has no more are asked for by what they took. */
const askAfter = async (
  ports: SyncPorts,
  relay: string,
  have: readonly string[],
): Promise<Result<true, CatchUpFailure>> => {
  for (const gone of chunks(have.slice(0, MOST_LOST), DELETIONS_A_QUESTION)) {
    const filter: Filter = { kinds: [kinds.DELETION, kinds.DELETE_EVENT], '#e': gone };
    const answer = await ports.fetch(relay, filter);
    if (!answer.ok) return answer;
  }
  return ok(true);
};
