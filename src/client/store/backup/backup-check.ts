/** Looking through an opened backup from end to end, before anything of it is taken. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { isLocalEvent } from '../local-events.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Loss, OpenChunk } from '../sealed/log-book.ts';
import { timeOf } from '../sealed/losses.ts';
import type { LossReport } from '../sealed/losses.ts';
import type { OpenedBackup } from './opened-backup.ts';

/** What a backup holds. */
export interface BackupReport {
  /** The profile that it was made of. */
  readonly profile: string;
  /** Unix seconds. */
  readonly madeAt: number;
  /** Events that can be read. */
  readonly events: number;
  /** Events that were lost: damaged, or cut off. */
  readonly lost: readonly LossReport[];
  /** Small records of the person's own that are damaged, by name. */
  readonly lostOwn: readonly string[];
  /** False when the file was cut short, or its list of contents is damaged. */
  readonly isSealed: boolean;
  /** True when nothing is missing and nothing damaged. */
  readonly isWhole: boolean;
}

/** What has to be known of a backup before it is merged, besides the report. */
export interface Findings {
  readonly report: BackupReport;
  /** Who signed in this profile. */
  readonly authors: ReadonlySet<string>;
  /** How what was signed there ended, by its id: to be taken together with it, so that it is not sent again. */
  readonly endings: ReadonlyMap<string, readonly LocalEvent[]>;
  /** The backup's own record of an account. */
  readonly hasAccount: boolean;
}

export interface CheckOptions {
  /** Events looked at, of how many. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type CheckFailure = Failure<'newer' | 'cancelled'>;

/** Opens every record. `newer`: some were written by a newer version of the app. */
export const checkBackup = async (
  backup: OpenedBackup,
  { progress, signal }: CheckOptions = {},
): Promise<Result<Findings, CheckFailure>> => {
  const { profile, madeAt, events: total } = backup.header;
  const tally = new Tally();
  for await (const chunk of backup.chunks()) {
    if (signal?.aborted) return fail('cancelled', 'You stopped this.');
    if (!tally.add(chunk)) return fail('newer', 'This backup was made by a newer version of the app.');
    progress?.(Math.min(tally.last, total), total);
  }
  tally.end(total);
  const own = await backup.own();
  const lostOwn = own.flatMap(({ name, isDamaged }) => (isDamaged ? [name] : []));
  const { events, lost, authors, endings } = tally;
  const { isSealed } = backup;
  const isWhole = isSealed && lost.length === 0 && lostOwn.length === 0;
  const report = { profile, madeAt, events, lost, lostOwn, isSealed, isWhole };
  return ok({ report, authors, endings, hasAccount: own.some(({ name }) => name === ACCOUNT) });
};

/** The name of the record that says who signs. */
export const ACCOUNT = 'vault';

/** A chunk's events above a number; fewer than its numbers where some are lost. */
export const eventsAbove = ({ seq, values }: OpenChunk, last: number): readonly unknown[] =>
  values?.slice(-(seq - last)) ?? [];

/** What was met so far. */
class Tally {
  readonly authors = new Set<string>();
  readonly endings = new Map<string, LocalEvent[]>();
  readonly lost: LossReport[] = [];
  events = 0;
  last = 0;
  #time: number | undefined;
  /** Losses after which no time was met yet. */
  #open: Loss[] = [];
  #openAfter: number | undefined;

  /** False for a chunk with something that only a newer build reads. */
  add(chunk: OpenChunk): boolean {
    const found = eventsAbove(chunk, this.last);
    const missing = chunk.seq - this.last - found.length;
    if (missing > 0) this.#lose({ from: this.last + 1, to: this.last + missing });
    this.last = chunk.seq;
    this.events += found.length;
    for (const value of found) {
      if (!isLocalEvent(value)) return false;
      this.#note(value);
    }
    return true;
  }

  /** There were to be so many. */
  end(total: number): void {
    if (total > this.last) this.#lose({ from: this.last + 1, to: total });
    this.#close(undefined);
  }

  #note(event: LocalEvent): void {
    const [time] = timeOf(event);
    if (time !== undefined) {
      this.#close(time);
      this.#time = time;
    }
    if (event.type === 'EventSigned') this.authors.add(event.event.pubkey);
    if (event.type === 'EventAccepted' || event.type === 'EventDiscarded')
      this.endings.set(event.id, [...(this.endings.get(event.id) ?? []), event]);
  }

  #lose({ from, to }: Loss): void {
    const before = this.#open.at(-1);
    if (!before) this.#openAfter = this.#time;
    if (before?.to === from - 1) this.#open[this.#open.length - 1] = { from: before.from, to };
    else this.#open.push({ from, to });
  }

  #close(time: number | undefined): void {
    const after = this.#openAfter === undefined ? {} : { after: this.#openAfter };
    const before = time === undefined ? {} : { before: time };
    for (const { from, to } of this.#open)
      this.lost.push({ from, to, events: to - from + 1, ...after, ...before });
    this.#open = [];
  }
}
