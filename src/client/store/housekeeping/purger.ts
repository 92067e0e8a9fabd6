/**
 * What the person put away and did not want back within thirty days is forgotten. Goes through the log in small slices with a breath
 * between them, remembers how far it came, and only ever appends: it is never within somebody else's append.
 */
import { asTalkEvent } from '#protocol/direct/rumors.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { DELETION, isGroupAction } from '#protocol/kinds.ts';
import { groupOf } from '#protocol/tags.ts';
import { isRecord } from '#shared/json.ts';
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { isForgotten } from '../forgetting.ts';
import { carriedEvent, isLocalEvent } from '../local-events.ts';
import type { LocalEvent } from '../local-events.ts';
import type { RowReader } from '../table.ts';
import { cleared } from './ends.ts';
import type { ClearedRow } from './ends.ts';

/** Seconds in which what was put away can be had back. */
const KEPT_FOR = 30 * DAY;
const CHUNKS_A_SLICE = 10;
const IDS_AN_EVENT = 100;
const PLACE = 'purging';

/** The log, opened chunk by chunk. */
export interface LogReader {
  open(
    after: number,
    limit: number,
  ): Promise<readonly { readonly seq: number; readonly values: readonly unknown[] | undefined }[]>;
}

export interface PurgerPorts {
  readonly rows: Pick<RowReader, 'all' | 'get'>;
  readonly log: LogReader;
  readonly clock: Clock;
  append(events: readonly LocalEvent[]): Promise<unknown>;
  readMeta(name: string): Promise<unknown>;
  writeMeta(name: string, value: unknown): Promise<void>;
  /** Lets others work. */
  breathe(): Promise<void>;
  isStopped(): boolean;
}

/** How far the log was gone through for a conversation put away. */
type Places = Record<string, ClearedRow & { readonly cursor: number }>;

export class Purger {
  readonly #ports: PurgerPorts;

  constructor(ports: PurgerPorts) {
    this.#ports = ports;
  }

  /** Purges what is due, from where the last run stopped. */
  async run(): Promise<void> {
    const { rows, clock } = this.#ports;
    const all = await rows.all(cleared);
    const due = all.filter(({ at }) => at + KEPT_FOR <= clock.now());
    if (due.length === 0) return;
    const known = parsePlaces(await this.#ports.readMeta(PLACE));
    const places: Places = {};
    for (const row of due) {
      const before = known[row.conversation];
      const isSame = before?.at === row.at && before.upTo === row.upTo;
      places[row.conversation] = { ...row, cursor: isSame ? before.cursor : 0 };
    }
    for (const row of due) await this.#purge(row, places);
  }

  async #purge(row: ClearedRow, places: Places): Promise<void> {
    const { log, append, writeMeta, breathe } = this.#ports;
    let cursor = places[row.conversation]?.cursor ?? 0;
    while (!this.#ports.isStopped()) {
      const chunks = await log.open(cursor, CHUNKS_A_SLICE);
      const last = chunks.at(-1);
      if (!last || !(await this.#isStillAway(row))) return;
      const ids = [
        ...new Set(chunks.flatMap(({ values }) => (values ?? []).flatMap((one) => wordsOf(one, row)))),
      ];
      for (let at = 0; at < ids.length; at += IDS_AN_EVENT) {
        await append([{ type: 'EventsPurged', v: 1, ids: ids.slice(at, at + IDS_AN_EVENT) }]);
        await breathe();
      }
      cursor = last.seq;
      places[row.conversation] = { ...row, cursor };
      await writeMeta(PLACE, places);
      await breathe();
    }
  }

  async #isStillAway({ conversation, at, upTo }: ClearedRow): Promise<boolean> {
    const row = await this.#ports.rows.get(cleared, conversation);
    return row?.at === at && row.upTo === upTo;
  }
}

/** The id of an event of the conversation that still has something to say. What made the place what it is stays. */
const wordsOf = (value: unknown, { conversation, upTo }: ClearedRow): string[] => {
  if (!isLocalEvent(value) || isForgotten(value)) return [];
  const event = saidIn(value);
  if (!event || groupOf(event) !== conversation || event.created_at > upTo) return [];
  return isGroupAction(event.kind) || event.kind === DELETION ? [] : [event.id];
};

/** What it says, and where: a rumor in its talk. */
const saidIn = (local: LocalEvent): NostrEvent | undefined => {
  if (local.type === 'WrapOpened') return asTalkEvent(local.rumor, local.to);
  return local.type === 'RumorSent' ? asTalkEvent(local.rumor, local.rumor.pubkey) : carriedEvent(local);
};

const parsePlaces = (value: unknown): Partial<Places> => {
  if (!isRecord(value)) return {};
  const isPlace = (one: unknown) =>
    isRecord(one) && ['upTo', 'at', 'cursor'].every((name) => typeof one[name] === 'number');
  return Object.fromEntries(Object.entries(value).filter(([, one]) => isPlace(one))) as Places;
};
