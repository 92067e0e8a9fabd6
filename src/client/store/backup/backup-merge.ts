/** Taking a backup's events into a store: each once, what the store already knows better left as it is. */
import type { NostrEvent } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { afterForgetting, forgettableIds, isForgotten } from '../forgetting.ts';
import { carriedEvent } from '../local-events.ts';
import type { LocalEvent } from '../local-events.ts';
import { logKey } from '../log-keys.ts';
import type { AppendReport } from '../store.ts';
import { ACCOUNT, eventsAbove } from './backup-check.ts';
import type { Findings } from './backup-check.ts';
import type { OpenedBackup } from './opened-backup.ts';

/** Where the events go. */
export interface MergeTarget {
  append(events: readonly LocalEvent[]): Promise<AppendReport>;
  readMeta(name: string): Promise<unknown>;
  writeMeta(name: string, value: unknown): Promise<void>;
}

export interface MergeOptions {
  /** What the target's log says already. */
  readonly known: Known;
  /** Names of the person's own records that mean something on one device only. */
  readonly leftOut?: readonly string[];
  /** Checks ids and signatures; absent for a backup of the very profile it goes into. */
  readonly verify?: ((events: readonly NostrEvent[]) => Promise<readonly boolean[]>) | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MergeReport extends AppendReport {
  /** Events whose signature does not hold; they were left out. */
  readonly forged: number;
}

/** What of a log decides what a backup may still say. */
export interface Known {
  /** `subjectOf` everything that has no key in the log. */
  readonly subjects: ReadonlySet<string>;
  /** Nostr events whose words were forgotten. */
  readonly forgotten: ReadonlySet<string>;
  readonly isEmpty: boolean;
}

/** Of an empty log. */
export const nothingKnown: Known = { subjects: new Set(), forgotten: new Set(), isEmpty: true };

/** What a local event is the last word on; undefined for those that have a key. */
const subjectOf = (event: LocalEvent): string | undefined => {
  switch (event.type) {
    case 'SettingChanged':
      return `setting ${event.name}`;
    case 'DraftKept':
      return `draft ${event.conversation}`;
    case 'ConversationCleared':
    case 'ConversationRestored':
      return `cleared ${event.conversation}`;
    case 'LinesStay':
      return `stay ${event.conversation}`;
    case 'OwnValueSet':
      return `own ${event.shelf} ${event.key} ${event.at}`;
    case 'ConversationRead':
      return `read ${event.conversation} ${event.upTo}`;
    case 'EventRejected':
      return `rejected ${event.id} ${event.relay}`;
    case 'EventsPurged':
      return `purged ${event.ids.join(' ')}`;
    default:
      return undefined;
  }
};

/** Gathers what has to be known of a log, chunk by chunk. */
export const learn = async (chunks: AsyncIterable<readonly LocalEvent[]>): Promise<Known> => {
  const subjects = new Set<string>();
  const forgotten = new Set<string>();
  let isEmpty = true;
  for await (const events of chunks)
    for (const event of events) {
      isEmpty = false;
      const subject = subjectOf(event);
      if (subject !== undefined) subjects.add(subject);
      if (isForgotten(event)) forgettableIds(event).forEach((id) => forgotten.add(id));
    }
  return { subjects, forgotten, isEmpty };
};

const EVENTS_AN_APPEND = 500;

/**
 * Appends everything the target lacks, in the backup's order; into a log that has events already, what has no key comes last and in
 * one piece. Whole or cut off, it can be done again. The backup was checked before.
 */
export const mergeBackup = async (
  backup: OpenedBackup,
  findings: Findings,
  target: MergeTarget,
  options: MergeOptions,
): Promise<Result<MergeReport, Failure<'cancelled'>>> => {
  const merge = new Merge(findings, target, options);
  let last = 0;
  for await (const chunk of backup.chunks()) {
    if (options.signal?.aborted) return fail('cancelled', 'You stopped this.');
    await merge.take(eventsAbove(chunk, last) as readonly LocalEvent[]);
    last = chunk.seq;
    options.progress?.(Math.min(last, backup.header.events), backup.header.events);
  }
  await merge.finish();
  await takeOwn(backup, target, options.leftOut ?? []);
  return ok(merge.report);
};

class Merge {
  readonly #findings: Findings;
  readonly #target: MergeTarget;
  readonly #options: MergeOptions;
  #batch: LocalEvent[] = [];
  readonly #late: LocalEvent[] = [];
  /** Events whose endings were taken. */
  readonly #ended = new Set<string>();
  #appended = 0;
  #duplicates = 0;
  #forged = 0;

  constructor(findings: Findings, target: MergeTarget, options: MergeOptions) {
    this.#findings = findings;
    this.#target = target;
    this.#options = options;
  }

  get report(): MergeReport {
    return { appended: this.#appended, duplicates: this.#duplicates, forged: this.#forged };
  }

  async take(events: readonly LocalEvent[]): Promise<void> {
    const { known } = this.#options;
    for (const event of await this.#genuine(events)) {
      // A refusal of what was accepted or given up later.
      if (event.type === 'EventRejected' && this.#findings.endings.has(event.id)) continue;
      if (isEnding(event) && this.#ended.has(event.id)) continue;
      const isLate = !known.isEmpty && logKey(event) === undefined;
      if (isLate) this.#keepForLater(event);
      else this.#batch.push(afterForgetting(event, known.forgotten), ...this.#endingsOf(event));
    }
    if (this.#batch.length >= EVENTS_AN_APPEND) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    this.#batch = this.#late;
    await this.#flush();
  }

  /** Not on what the target has the last word on already. */
  #keepForLater(event: LocalEvent): void {
    const subject = subjectOf(event);
    if (subject === undefined || this.#options.known.subjects.has(subject)) return;
    this.#late.push(event);
  }

  /** With what was signed goes how it ended, in one transaction: or else it would be sent again in between. */
  #endingsOf(event: LocalEvent): readonly LocalEvent[] {
    const endings = event.type === 'EventSigned' ? this.#findings.endings.get(event.event.id) : undefined;
    if (!endings || event.type !== 'EventSigned') return [];
    this.#ended.add(event.event.id);
    return endings;
  }

  async #genuine(events: readonly LocalEvent[]): Promise<readonly LocalEvent[]> {
    const { verify } = this.#options;
    if (!verify) return events;
    const doubtful = events.filter((event) => carriedEvent(event) && !isHusk(event));
    const verdicts = await verify(doubtful.flatMap((event) => carriedEvent(event) ?? []));
    const forged = new Set(doubtful.filter((_, at) => verdicts[at] !== true));
    this.#forged += forged.size;
    return events.filter((event) => !forged.has(event));
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const { appended, duplicates } = await this.#target.append(this.#batch);
    this.#batch = [];
    this.#appended += appended;
    this.#duplicates += duplicates;
  }
}

const isEnding = (event: LocalEvent) => event.type === 'EventAccepted' || event.type === 'EventDiscarded';

/** What was forgotten has no signature any more, and nothing to say either. */
const isHusk = (event: LocalEvent): boolean => isForgotten(event) && carriedEvent(event)?.content === '';

/** The person's own records that the target has none of; the account last, because with it the profile is somebody's. */
const takeOwn = async (
  backup: OpenedBackup,
  target: MergeTarget,
  leftOut: readonly string[],
): Promise<void> => {
  const own = (await backup.own()).filter(({ name, isDamaged }) => !isDamaged && !leftOut.includes(name));
  own.sort((a, b) => Number(a.name === ACCOUNT) - Number(b.name === ACCOUNT));
  for (const { name, value } of own)
    if ((await target.readMeta(name)) === undefined) await target.writeMeta(name, value);
};
