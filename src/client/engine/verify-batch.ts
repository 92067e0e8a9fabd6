/** Checking batches of events: in this thread, or in a worker of its own, so that the store goes on meanwhile. */
import { isRecord } from '#shared/json.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';

/** For each event, in order: do id and signature hold? Never rejects. */
export type VerifyBatch = (events: readonly NostrEvent[]) => Promise<readonly boolean[]>;

/** The part of `Worker` that is used; a port does too. */
export interface VerifyWorker {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** Fewer than this are checked sooner here than they are sent there. */
const FEW = 4;

export const verifyHere =
  (verifier: Promise<Verifier>): VerifyBatch =>
  async (events) => {
    const { verify } = await verifier;
    return events.map((event) => verify(event));
  };

/** Asks the worker; what it has not answered when it dies, and everything from then on, is checked by `here`. */
export const verifyIn = (worker: VerifyWorker, here: VerifyBatch): VerifyBatch => {
  const pending = new Map<number, (verdicts: readonly boolean[] | undefined) => void>();
  let next = 1;
  let isDead = false;
  worker.addEventListener('message', ({ data }) => {
    if (!isRecord(data) || !Array.isArray(data['verdicts'])) return;
    const n = Number(data['n']);
    pending.get(n)?.(data['verdicts'] as boolean[]);
    pending.delete(n);
  });
  worker.addEventListener('error', () => {
    isDead = true;
    for (const settle of pending.values()) settle(undefined);
    pending.clear();
  });
  return async (events) => {
    if (isDead || events.length < FEW) return here(events);
    const n = next++;
    const asked = new Promise<readonly boolean[] | undefined>((settle) => pending.set(n, settle));
    worker.postMessage({ n, events });
    const verdicts = await asked;
    return verdicts?.length === events.length ? verdicts : here(events);
  };
};

/** The other end: answers what `verifyIn` asks. */
export const answerVerifying = (
  port: Pick<VerifyWorker, 'postMessage'> & {
    addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  },
  verify: VerifyBatch,
): void =>
  port.addEventListener('message', ({ data }) => {
    if (!isRecord(data) || !Array.isArray(data['events'])) return;
    void verify(data['events'] as NostrEvent[]).then((verdicts) =>
      port.postMessage({ n: data['n'], verdicts }),
    );
  });
