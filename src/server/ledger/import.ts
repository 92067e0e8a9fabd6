/** The operator's door: takes events as they are, without the price, pace and age that strangers face. */
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import { hasValidId } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { isExpired } from '#protocol/tags.ts';
import type { GroupDirectory } from '../groups/directory.ts';
import type { GroupState } from '../groups/state.ts';
import { placeOf } from '../store/rows.ts';
import type { Ledger, Verdict } from './ledger.ts';

export interface ImportProgress {
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
  readonly verifier: Verifier;
  readonly now: () => number;
}

const BATCH = 512;
const ANNOUNCED_AT_ONCE = 64;
const MAX_REASONS = 5;

/** What an import still looks at: that the event is what it says, and may be stored at all. */
const flawOf = (event: NostrEvent, verifier: Verifier, now: number): string | undefined => {
  if (kinds.isEphemeral(event.kind)) return 'invalid: ephemeral events are not stored';
  if (kinds.isGroupState(event.kind)) return 'restricted: the state of places is made anew';
  if (isExpired(event, now)) return 'invalid: expired';
  return hasValidId(event) && verifier.verify(event) ? undefined : 'invalid: bad id or signature';
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

/** Gathers sound events into batches, checking signatures while the one before is being written. */
async function* batchesOf(
  events: AsyncIterable<NostrEvent> | Iterable<NostrEvent>,
  { verifier, now }: ImportPorts,
  tally: Tally,
): AsyncGenerator<NostrEvent[]> {
  let batch: NostrEvent[] = [];
  for await (const event of events) {
    const flaw = flawOf(event, verifier, now());
    if (flaw === undefined) batch.push(event);
    else tally.refuse(flaw);
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
    await ledger.exclusively(() => ledger.announce(some));
  }
};

/**
 * Imports events in their order: ids and signatures are checked, moderation is judged by the state machine, each
 * place's state is announced once at the end. Throws on I/O; what was committed before stays.
 */
export const importEvents = async (
  events: AsyncIterable<NostrEvent> | Iterable<NostrEvent>,
  ports: ImportPorts,
  { onProgress }: ImportOptions = {},
): Promise<ImportReport> => {
  const tally = new Tally();
  const touched = new Set<string>();
  let writing: Promise<void> = Promise.resolve();
  const write = async (batch: readonly NostrEvent[]): Promise<void> => {
    tally.count(await ports.ledger.exclusively(() => ports.ledger.importBatch(batch)));
    onProgress?.({ taken: tally.taken, refused: tally.refused });
  };
  for await (const batch of batchesOf(events, ports, tally)) {
    for (const event of batch) if (kinds.isGroupAction(event.kind)) touched.add(placeOf(event) ?? '');
    await writing;
    writing = write(batch);
    writing.catch(() => undefined); // seen at the next await
  }
  await writing;
  await announceAll(ports, touched);
  return { taken: tally.taken, refused: tally.refused, reasons: tally.reasons };
};
