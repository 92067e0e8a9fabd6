/** The operator's door: takes events as they are, without the price, pace and age that strangers face. */
import type { NostrEvent } from '#protocol/event.ts';
import { hasValidId } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { ALL_RELAYS } from '#protocol/relay/vanish.ts';
import { isExpired, tagValue, tagValues } from '#protocol/tags.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import type { GroupState } from '../groups/state.ts';
import { isPlaced, isStorable, placeOf } from '../store/rows.ts';
import type { Ledger, Verdict } from './ledger.ts';
import { VerifyThread } from './verify-thread.ts';

interface ImportProgress {
  readonly taken: number;
  readonly refused: number;
}

export interface ImportReport extends ImportProgress {
  /** The first few refusals, with the reason. */
  readonly reasons: readonly string[];
}

export interface ImportOptions {
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportPorts {
  readonly ledger: Ledger;
  readonly directory: GroupDirectory;
  readonly now: () => number;
}

const BATCH = 512;
const ANNOUNCED_AT_ONCE = 64;
const MAX_REASONS = 5;
/** After so many events the loop lets others have their turn: the city is open meanwhile. */
const BREATH = 32;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What can be said of an event before its signature is checked. */
const flawOf = (event: NostrEvent, now: number): string | undefined => {
  if (kinds.isEphemeral(event.kind)) return 'invalid: ephemeral events are not stored';
  if (kinds.isGroupState(event.kind)) return 'restricted: the state of places is made anew';
  if (isExpired(event, now)) return 'invalid: expired';
  if (event.kind === kinds.VANISH && !tagValues(event, 'relay').includes(ALL_RELAYS))
    return 'restricted: a request to vanish is for the relays it names';
  if (!isStorable(event)) return 'invalid: text must not contain NUL characters or broken surrogate pairs';
  if (!isPlaced(event)) return 'invalid: an event belongs to one place';
  return hasValidId(event) ? undefined : 'invalid: the id is not the hash of the event';
};

class Tally {
  taken = 0;
  refused = 0;
  reasons: string[] = [];

  refuse(reason: string): void {
    this.refused += 1;
    if (this.reasons.length < MAX_REASONS) this.reasons.push(reason);
  }

  count(verdicts: readonly Verdict[]): void {
    for (const { accepted, message } of verdicts)
      if (accepted) this.taken += 1;
      else this.refuse(message);
  }
}

/** Gathers plausible events into batches. */
async function* batchesOf(
  events: AsyncIterable<NostrEvent> | Iterable<NostrEvent>,
  { now }: ImportPorts,
  tally: Tally,
): AsyncGenerator<NostrEvent[]> {
  let batch: NostrEvent[] = [];
  for await (const event of events) {
    const flaw = flawOf(event, now());
    if (flaw === undefined) batch.push(event);
    else tally.refuse(flaw);
    if (batch.length % BREATH === 0) await breathe();
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const announceAll = async (
  { ledger, directory }: ImportPorts,
  touched: ReadonlySet<string>,
): Promise<void> => {
  const states = [...touched].flatMap((id): readonly GroupState[] => {
    const state = directory.get(id);
    return state && !state.deleted ? [state] : [];
  });
  for (let from = 0; from < states.length; from += ANNOUNCED_AT_ONCE) {
    const some = states.slice(from, from + ANNOUNCED_AT_ONCE);
    await ledger.exclusively(() => ledger.announce(() => some));
  }
};

/** The events whose signatures hold; the others are counted as refused. */
const soundOf = async (
  batch: readonly NostrEvent[],
  verifying: VerifyThread,
  tally: Tally,
): Promise<NostrEvent[]> => {
  const sound = await verifying.verify(batch);
  return batch.filter((_, index) => {
    if (sound[index]) return true;
    tally.refuse('invalid: the signature does not hold');
    return false;
  });
};

/** Three at work on three batches: this thread reads one, another checks the one before, the database writes the one before that. */
const importAll = async (
  events: AsyncIterable<NostrEvent> | Iterable<NostrEvent>,
  ports: ImportPorts,
  verifying: VerifyThread,
  { tally, onProgress }: { readonly tally: Tally } & ImportOptions,
): Promise<ReadonlySet<string>> => {
  const touched = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  const write = async (checking: Promise<NostrEvent[]>, before: Promise<void>): Promise<void> => {
    await before;
    const batch = await checking;
    for (const event of batch)
      if (kinds.isGroupAction(event.kind))
        for (const id of [placeOf(event), tagValue(event, 'parent')]) touched.add(id ?? '');
    tally.count(await ports.ledger.exclusively(() => ports.ledger.importBatch(batch)));
    onProgress?.({ taken: tally.taken, refused: tally.refused });
  };
  for await (const batch of batchesOf(events, ports, tally)) {
    const before = last;
    const checking = soundOf(batch, verifying, tally);
    checking.catch(() => undefined); // seen in `write`
    last = write(checking, before);
    last.catch(() => undefined); // seen at the next await
    await before;
  }
  await last;
  return touched;
};

/**
 * Imports events in their order: ids and signatures are checked, moderation is judged by the state machine, each
 * place's state is announced once at the end. Throws on I/O; what was committed before stays.
 */
export const importEvents = async (
  events: AsyncIterable<NostrEvent> | Iterable<NostrEvent>,
  ports: ImportPorts,
  options: ImportOptions = {},
): Promise<ImportReport> => {
  const tally = new Tally();
  const verifying = new VerifyThread();
  try {
    await announceAll(ports, await importAll(events, ports, verifying, { ...options, tally }));
  } finally {
    await verifying.close();
  }
  return { taken: tally.taken, refused: tally.refused, reasons: tally.reasons };
};
