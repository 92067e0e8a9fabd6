/**
 * The one writer: events queue here, are judged in order, and are committed together (≤ 256 at once). While one batch
 * commits the next one gathers, so a lone event never waits for company and a crowd shares its commits. An answer is
 * given after the commit, never before. Where several processes share a database their writers take turns under one lock,
 * so that `events.id` numbers the events in the order of their commits (follower.ts).
 */
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Clock } from '#shared/time.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { formatReason } from '#protocol/reasons.ts';
import type { CityKey } from '../city-key.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { announceAll, announceChanges } from '../groups/announce.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import { joinShadows, shadowOf } from '../groups/shadow.ts';
import type { GroupState } from '../groups/state.ts';
import { gatherFacts } from '../store/facts.ts';
import { loadStamps, writeShadow } from '../store/group-tables.ts';
import { loadNewestNumber } from '../store/log.ts';
import { writePlan } from '../store/plan.ts';
import type { Numbers } from '../store/plan.ts';
import { placeOf } from '../store/rows.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import type { LedgerNumbers } from '../telemetry/numbers.ts';
import { Batch } from './batch.ts';
import type { Follower } from './follower.ts';
import { judge } from './judge.ts';
import type { Rules } from './judge.ts';
import { mendTables, replayPlaces } from './rebuild.ts';

const MAX_BATCH = 256;
const WRITERS = 0x77_72_69_74; // "writ"

/** NIP-01's `OK` without the id. */
export interface Verdict {
  readonly accepted: boolean;
  readonly message: string;
}

export interface LedgerPorts {
  readonly db: Database;
  readonly directory: GroupDirectory;
  readonly key: CityKey;
  readonly clock: Clock;
  readonly operators: ReadonlySet<string>;
  readonly relayUrl: string;
  readonly log: Log;
  readonly numbers: LedgerNumbers;
  readonly follower: Follower;
  /** Other processes write to the same database: writers take turns. */
  readonly shared: boolean;
  /** Hears every event committed here, in order, after the places have changed. */
  readonly deliver: (events: readonly NostrEvent[], changed: readonly string[]) => void;
  /** Hears the same once, whether this process or what it followed came first: for what one process does for all. */
  readonly committed: (events: readonly NostrEvent[]) => void;
}

interface Entry {
  readonly event: NostrEvent;
  readonly settle: (verdict: Verdict) => void;
}

interface Judgement {
  readonly batch: Batch;
  readonly delivered: NostrEvent[];
  readonly verdicts: Verdict[];
}

/** A batch as it was written. */
interface Written extends Judgement {
  readonly own: readonly NostrEvent[];
  readonly numbers: Numbers | undefined;
}

const accepted: Verdict = { accepted: true, message: '' };
const UNSTORED: Verdict = {
  accepted: false,
  message: 'error: the city could not store this just now; try again',
};

export class Ledger {
  #ports: LedgerPorts;
  #queue: Entry[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #working = false;
  /** A commit failed that may have happened all the same: what there is is read before the next one. */
  #doubtful = false;

  constructor(ports: LedgerPorts) {
    this.#ports = ports;
  }

  /** Queues a checked event; settles after it was committed or refused. */
  submit(event: NostrEvent): Promise<Verdict> {
    return new Promise((settle) => {
      this.#queue.push({ event, settle });
      if (!this.#working) void this.#work();
    });
  }

  /** How many events wait to be judged. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Runs alone: no batch is judged or committed here meanwhile. */
  exclusively<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** Settles when nothing is left to write. */
  async idle(): Promise<void> {
    while (this.#working || this.#queue.length > 0) await this.exclusively(() => Promise.resolve());
  }

  /** Reads all places from their moderation events, at one moment. Throws on I/O. */
  async load(): Promise<void> {
    const { db, directory, key, follower, relayUrl } = this.#ports;
    const read = db.transaction().setIsolationLevel('repeatable read');
    await read.execute(async (transaction) => {
      for (const state of (await replayPlaces(transaction)).values()) directory.put(state);
      for (const [place, time] of await loadStamps(transaction, key.pubkey)) directory.stamp(place, time);
      follower.moveTo(await loadNewestNumber(transaction));
    });
    await mendTables(db, directory.all(), relayUrl);
  }

  /** Judges and commits events as one batch, without announcing the places they change. Throws on I/O. */
  async importBatch(events: readonly NostrEvent[]): Promise<Verdict[]> {
    const { verdicts } = await this.#write(async (transaction) => ({
      ...this.#judge(await gatherFacts(transaction, events), events, { ...this.#rules(), backdated: true }),
      own: [],
    }));
    return verdicts;
  }

  /** Says everything anew about places (after an import, or when the city's key is new); `pick` is asked in the writer's turn. Throws on I/O. */
  async announce(pick: () => readonly GroupState[]): Promise<void> {
    await this.#write(async (transaction) => {
      const places = this.#ports.directory;
      const own = pick().flatMap((state) =>
        this.#sign(announceChanges(undefined, { state, places }), state.id),
      );
      const batch = new Batch(this.#ports.directory, await gatherFacts(transaction, own));
      for (const event of own) batch.insert(event);
      return { batch, delivered: own, verdicts: [], own: [] };
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#queue.length > 0) {
      const entries = this.#queue.splice(0, MAX_BATCH);
      await this.exclusively(() => this.#settleAll(entries));
    }
    this.#working = false;
  }

  async #settleAll(entries: readonly Entry[]): Promise<void> {
    const verdicts = await this.#store(entries.map((entry) => entry.event));
    entries.forEach((entry, index) => entry.settle(verdicts[index] ?? UNSTORED));
  }

  /** A batch that the database won't take is tried again one by one, so that one event cannot take the others down. */
  async #store(events: readonly NostrEvent[]): Promise<Verdict[]> {
    try {
      const written = await this.#write((transaction) => this.#decide(transaction, events));
      return written.verdicts;
    } catch (cause) {
      if (events.length === 1 || !isAboutValues(cause)) {
        this.#ports.log.error('could not store events', { events: events.length, ...causeOf(cause) });
        return events.map(() => UNSTORED);
      }
      const verdicts: Verdict[] = [];
      for (const event of events) verdicts.push(...(await this.#store([event])));
      return verdicts;
    }
  }

  /** Judges a batch and adds what the city itself says of the places that it changed. */
  async #decide(
    transaction: Transaction<Tables>,
    events: readonly NostrEvent[],
  ): Promise<Judgement & { readonly own: readonly NostrEvent[] }> {
    const judgement = this.#judge(await gatherFacts(transaction, events), events, this.#rules());
    const { batch } = judgement;
    const changed = batch.changes().map(({ after }) => after.id);
    const own = announceAll(this.#ports.directory, batch, changed).flatMap(({ place, drafts }) =>
      this.#sign(drafts, place),
    );
    if (own.length > 0) {
      const { versions } = await gatherFacts(transaction, own);
      for (const [address, version] of versions) batch.facts.versions.set(address, version);
      for (const event of own) batch.insert(event);
    }
    return { ...judgement, own };
  }

  #rules(): Rules {
    const { key, operators, clock } = this.#ports;
    const now = clock.now();
    return {
      self: key.pubkey,
      operators,
      now,
      sign: (draft: Draft) => key.sign({ ...draft, created_at: draft.created_at ?? now }),
    };
  }

  #judge(
    facts: Awaited<ReturnType<typeof gatherFacts>>,
    events: readonly NostrEvent[],
    rules: Rules,
  ): Judgement {
    const batch = new Batch(this.#ports.directory, facts);
    const delivered: NostrEvent[] = [];
    const verdicts = events.map((event): Verdict => {
      const judged = judge(batch, event, rules);
      if (!judged.ok)
        return {
          accepted: judged.error.code === 'duplicate' && facts.known.has(event.id),
          message: formatReason(judged.error),
        };
      delivered.push(...judged.value.delivered);
      const { held } = judged.value;
      return held ? { accepted: false, message: formatReason(held) } : accepted;
    });
    return { batch, delivered, verdicts };
  }

  /** Each address strictly later than before, even within one second. */
  #sign(drafts: readonly Draft[], place: string): NostrEvent[] {
    const { key, clock, directory } = this.#ports;
    const created_at = Math.max(clock.now(), directory.stampOf(place) + 1);
    return drafts.map((draft) => key.sign({ ...draft, created_at }));
  }

  /** One batch in one transaction, in this process's turn to write. Throws on I/O. */
  async #write(
    decide: (
      transaction: Transaction<Tables>,
    ) => Promise<Judgement & { readonly own: readonly NostrEvent[] }>,
  ): Promise<Written> {
    const { db, key, relayUrl, numbers: counted } = this.#ports;
    const since = performance.now();
    try {
      const written = await db.transaction().execute(async (transaction): Promise<Written> => {
        await this.#takeTurn(transaction);
        const decided = await decide(transaction);
        const shadow = decided.batch.changes().map(({ before, after }) => shadowOf(before, after, relayUrl));
        const numbers = await writePlan(transaction, decided.batch.plan, key);
        await writeShadow(transaction, joinShadows(shadow));
        return { ...decided, numbers };
      });
      this.#doubtful = false;
      counted.commit(written.batch.plan.inserts.length, since);
      await this.#tell(written);
      return written;
    } catch (cause) {
      this.#doubtful = true;
      throw cause;
    }
  }

  /** Nobody else commits until this transaction ends, and everything before it is known. */
  async #takeTurn(transaction: Transaction<Tables>): Promise<void> {
    const { shared, follower } = this.#ports;
    if (shared) await sql`select pg_advisory_xact_lock(${sql.lit(WRITERS)})`.execute(transaction);
    if (shared || this.#doubtful) await follower.catchUp(transaction);
  }

  /** Takes over what was committed, unless following has brought it already. */
  async #tell({ batch, delivered, own, numbers }: Written): Promise<void> {
    const { directory, key, follower, deliver, committed } = this.#ports;
    const events = [...delivered, ...own];
    if (numbers && follower.seen >= numbers.first) await follower.fresh();
    else {
      const changes = batch.changes();
      for (const { after } of changes) directory.put(after);
      for (const event of batch.plan.inserts)
        if (event.pubkey === key.pubkey) directory.stamp(placeOf(event) ?? '', event.created_at);
      if (numbers) follower.moveTo(numbers.last);
      deliver(
        events,
        changes.map(({ after }) => after.id),
      );
    }
    if (events.length > 0) committed(events);
  }
}

/** SQLSTATE classes in which the database speaks of what it was given, not of itself. */
const ABOUT_VALUES = /^(21|22|23|42|54)/;

const isAboutValues = (cause: unknown): boolean =>
  ABOUT_VALUES.test(String((cause as { readonly code?: unknown }).code ?? ''));
