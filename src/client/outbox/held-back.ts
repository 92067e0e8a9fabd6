/** Lines that wait for their files. They hold up nothing but what speaks of them: an answer, a reaction, a deletion. */
import { formatReason } from '#protocol/reasons.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { isToSend } from '../store/queue.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { AwaitedUploads, UploadsState } from './ports.ts';

interface Sorted {
  /** In the order given. */
  readonly ready: QueueEntry[];
  /** Refusals of lines whose files could not be sent. */
  readonly failed: LocalEvent[];
}

/** Sorts what is still to send; entries come in the order of signing. Without anybody who knows of files nothing waits for any. */
export const sortHeld = async (
  entries: readonly QueueEntry[],
  uploads: AwaitedUploads | undefined,
): Promise<Sorted> => {
  const ready: QueueEntry[] = [];
  const failed: LocalEvent[] = [];
  const held = new Set<string>();
  for (const entry of entries.filter(isToSend)) {
    const files = await stateOf(entry, uploads);
    if (files.state === 'failed') failed.push(refusal(entry, files.reason));
    else if (files.state === 'waiting' || speaksOf(entry, held)) held.add(entry.id);
    else ready.push(entry);
  }
  return { ready, failed };
};

const stateOf = async ({ after }: QueueEntry, uploads: AwaitedUploads | undefined): Promise<UploadsState> =>
  after && uploads ? uploads.stateOf(after) : { state: 'stored' };

const speaksOf = ({ event }: QueueEntry, held: ReadonlySet<string>): boolean =>
  held.size > 0 && event.tags.some(([, value]) => held.has(value ?? ''));

const refusal = ({ id, relay }: QueueEntry, message: string): LocalEvent => ({
  type: 'EventRejected',
  v: 1,
  id,
  relay,
  reason: formatReason({ code: 'error', message }),
});
