/** A body that comes from a stranger: so many bytes, so long, and never so slowly that it holds a place for nothing. */
import type { IncomingMessage } from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** The slowest pace that is let through, measured over the time spent waiting. */
export interface Pace {
  readonly leastPerSecond: number;
  /** Milliseconds of waiting before the pace counts. */
  readonly graceMs: number;
}

export interface BodyLimits {
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly pace: Pace;
}

type CutCode = 'too-large' | 'too-slow' | 'unreachable';
export type FetchedBody = AsyncIterable<Uint8Array>;

/** Thrown where a body ends before its end. */
export class BodyCut extends Error {
  readonly code: CutCode;

  constructor(code: CutCode, message: string) {
    super(message);
    this.code = code;
  }
}

const late = () => new BodyCut('too-slow', 'the other side sends too slowly');

/** The next piece, for which there is only so much patience. */
const nextWithin = async <T>(next: Promise<T>, patienceMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(1, patienceMs));
  });
  try {
    return await Promise.race([next, patience]);
  } finally {
    clearTimeout(timer);
  }
};

const cutOf = (cause: unknown, signal: AbortSignal): BodyCut => {
  if (cause instanceof BodyCut) return cause;
  return signal.aborted ? late() : new BodyCut('unreachable', 'the other side broke off');
};

/** The body's pieces. Whoever stops reading early ends the connection; a slow reader is not the sender's fault. */
export async function* pacedBody(
  response: IncomingMessage,
  { limit, signal, pace }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let [length, waited] = [0, 0];
  try {
    for (;;) {
      const began = performance.now();
      const allowed = pace.graceMs + (length / pace.leastPerSecond) * 1000;
      const piece = await nextWithin(pieces.next(), allowed - waited);
      waited += performance.now() - began;
      if (piece.done) break;
      length += piece.value.length;
      if (length > limit) throw new BodyCut('too-large', `the file has more than ${limit} bytes`);
      yield piece.value;
    }
    if (!response.complete) throw new BodyCut('unreachable', 'the other side broke off');
  } catch (cause) {
    throw cutOf(cause, signal);
  } finally {
    response.destroy();
  }
}

/** The whole body in memory. */
export const readWhole = async (body: FetchedBody): Promise<Result<Buffer, Failure<CutCode>>> => {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of body) pieces.push(piece);
  } catch (cause) {
    if (cause instanceof BodyCut) return fail(cause.code, cause.message);
    throw cause;
  }
  return ok(Buffer.concat(pieces));
};
