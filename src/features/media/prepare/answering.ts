/** The worker's end: one file after the other, so that two giants never lie in memory together. */
import { fail } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { FromPreparing, ToPreparing } from './messages.ts';
import type { Prepared, PrepareFailure, PrepareOptions } from './prepared.ts';

type Prepare = (
  file: Blob,
  name: string,
  options: PrepareOptions,
) => Promise<Result<Prepared, PrepareFailure>>;

/** Returns what hears the page. */
export const answerPreparing = (
  prepare: Prepare,
  post: (message: FromPreparing) => void,
): ((message: ToPreparing) => void) => {
  const aborts = new Map<number, AbortController>();
  let last: Promise<unknown> = Promise.resolve();
  const run = async (message: ToPreparing & { do: 'prepare' }, abort: AbortController): Promise<void> => {
    const { id, file, name, audience } = message;
    const onprogress = (part: number): void => post({ id, part });
    const outcome = abort.signal.aborted
      ? fail('stopped', 'stopped')
      : await prepare(file, name, { audience, signal: abort.signal, onprogress }).catch((cause: unknown) =>
          fail('broken', 'the file cannot be read', cause instanceof Error ? cause.message : undefined),
        );
    aborts.delete(id);
    // What caused it may be something that cannot be handed to the page.
    post({ id, outcome: outcome.ok ? outcome : fail(outcome.error.code, outcome.error.message) });
  };
  return (message) => {
    if (message.do === 'stop') return aborts.get(message.id)?.abort();
    const abort = new AbortController();
    aborts.set(message.id, abort);
    last = last.then(() => run(message, abort));
  };
};
