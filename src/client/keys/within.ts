/** Waiting for others with an end. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** What ended the wait: they answered with an error, they didn't answer in time, or the person turned away. */
export type WaitFailure = Failure<'rejected' | 'timeout' | 'aborted'>;

/** The promise's value, or why there is none after at most `ms` milliseconds or the signal. */
export const within = <T>(
  promise: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<Result<T, WaitFailure>> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => end(fail('timeout', 'no answer in time')), ms);
    const abort = (): void => end(fail('aborted', 'given up'));
    const end = (result: Result<T, WaitFailure>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(result);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    promise.then(
      (value) => end(ok(value)),
      (cause: unknown) => end(fail('rejected', wordsOf(cause), cause)),
    );
  });

const wordsOf = (cause: unknown): string =>
  typeof cause === 'string' ? cause : cause instanceof Error ? cause.message : 'no reason given';
