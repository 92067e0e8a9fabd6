/**
 * The one writer: events queue here, are judged in order, and are committed together (≤ 256 at once). While one batch
 * commits the next one gathers, so a lone event never waits for company and a crowd shares its commits. An answer is
 * given after the commit, never before.
 */
import type { Clock } from '#shared/time.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { formatReason } from '#protocol/reasons.ts';
import type { CityKey } from '../city-key.ts';
import type { Database } from '../db/database.ts';
import { announceAll, announceChanges } from '../groups/announce.ts';
import { replay } from '../groups/directory.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import { joinShadows, shadowOf } from '../groups/shadow.ts';
import type { GroupState } from '../groups/state.ts';
import { gatherFacts } from '../store/facts.ts';
import { loadModeration, loadStamps, writeShadow } from '../store/group-tables.ts';
import { writePlan } from '../store/plan.ts';
import { placeOf } from '../store/rows.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import type { LedgerNumbers } from '../telemetry/numbers.ts';
import { Batch } from './batch.ts';
import { judge } from './judge.ts';
import type { Rules } from './judge.ts';

const MAX_BATCH = 256;

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
  /** Hears every committed event, in order, after the places have changed. */
  readonly deliver: (events: readonly NostrEvent[], changed: readonly string[]) => void;
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
  #doubtful = new Set<string>();

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

  /** Runs alone: no batch is judged or committed meanwhile. */
  exclusively<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** Settles when nothing is left to write. */
  async idle(): Promise<void> {
    while (this.#working || this.#queue.length > 0) await this.exclusively(() => Promise.resolve());
  }

  /** Reads all places from their moderation events. Throws on I/O. */
  async load(): Promise<void> {
    const { db, directory, key } = this.#ports;
    for (const state of replay(await loadModeration(db), placeOf).values()) directory.put(state);
    for (const [place, time] of await loadStamps(db, key.pubkey)) directory.stamp(place, time);
  }

  /** Judges and commits events as one batch, without announcing the places they change. Throws on I/O. */
  async importBatch(events: readonly NostrEvent[]): Promise<Verdict[]> {
    const judgement = this.#judge(await this.#facts(events), events, { ...this.#rules(), backdated: true });
    await this.#commit(judgement, []);
    return judgement.verdicts;
  }

  /** Says everything anew about places (after an import, or when the city's key is new). Throws on I/O. */
  async announce(places: readonly GroupState[]): Promise<void> {
    const { directory } = this.#ports;
    const own = places.flatMap((state) =>
      this.#sign(announceChanges(undefined, { state, places: directory }), state.id),
    );
    const batch = new Batch(this.#ports.directory, await this.#facts(own));
    for (const event of own) batch.insert(event);
    await this.#commit({ batch, delivered: own, verdicts: [] }, []);
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

  /** A batch that fails is tried again one by one, so that one event cannot take the others down. */
  async #store(events: readonly NostrEvent[]): Promise<Verdict[]> {
    try {
      await this.#clearDoubts();
      const judgement = this.#judge(await this.#facts(events), events, this.#rules());
      await this.#commit(judgement, this.#announcements(judgement.batch));
      return judgement.verdicts;
    } catch (cause) {
      if (events.length === 1) {
        this.#ports.log.error('could not store an event', causeOf(cause));
        return [UNSTORED];
      }
      const verdicts: Verdict[] = [];
      for (const event of events) verdicts.push(...(await this.#store([event])));
      return verdicts;
    }
  }

  #facts(events: readonly NostrEvent[]) {
    return gatherFacts(this.#ports.db, events);
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

  #announcements(batch: Batch): NostrEvent[] {
    const changed = batch.changes().map(({ after }) => after.id);
    return announceAll(this.#ports.directory, batch, changed).flatMap(({ place, drafts }) =>
      this.#sign(drafts, place),
    );
  }

  /** Each address strictly later than before, even within one second. */
  #sign(drafts: readonly Draft[], place: string): NostrEvent[] {
    const { key, clock, directory } = this.#ports;
    const created_at = Math.max(clock.now(), directory.stampOf(place) + 1);
    return drafts.map((draft) => key.sign({ ...draft, created_at }));
  }

  async #commit({ batch, delivered }: Judgement, own: readonly NostrEvent[]): Promise<void> {
    const { db, directory, key, relayUrl, deliver, numbers } = this.#ports;
    if (own.length > 0) {
      const { versions } = await this.#facts(own);
      for (const [address, version] of versions) batch.facts.versions.set(address, version);
      for (const event of own) batch.insert(event);
    }
    const changes = batch.changes();
    const shadow = joinShadows(changes.map(({ before, after }) => shadowOf(before, after, relayUrl)));
    const since = performance.now();
    try {
      await db.transaction().execute(async (transaction) => {
        await writePlan(transaction, batch.plan, key);
        await writeShadow(transaction, shadow);
      });
    } catch (cause) {
      for (const { after } of changes) this.#doubtful.add(after.id);
      throw cause;
    }
    numbers.commit(batch.plan.inserts.length, since);
    for (const { after } of changes) directory.put(after);
    for (const event of batch.plan.inserts)
      if (event.pubkey === key.pubkey) directory.stamp(placeOf(event) ?? '', event.created_at);
    deliver(
      [...delivered, ...own],
      changes.map(({ after }) => after.id),
    );
  }

  /** A commit that failed may have happened all the same: the places it touched are read again. */
  async #clearDoubts(): Promise<void> {
    if (this.#doubtful.size === 0) return;
    const places = [...this.#doubtful];
    const { db, directory } = this.#ports;
    const states = replay(await loadModeration(db, places), placeOf);
    for (const id of places) {
      const state = states.get(id);
      if (state) directory.put(state);
      else directory.forget(id);
    }
    this.#doubtful.clear();
  }
}
