/** Whoever sends bytes must send them: a drip that holds a file open for hours is cut. */
import type { IncomingMessage } from 'node:http';

export interface Pace {
  /** How long a stretch is looked at, in milliseconds. */
  readonly stretchMs: number;
  /** Fewest bytes in such a stretch. */
  readonly leastBytes: number;
}

/** A kilobyte a second is less than the slowest mobile network gives. */
export const DEFAULT_PACE: Pace = { stretchMs: 20_000, leastBytes: 20_000 };

/** Looks at a request until its body has come; `tooSlow` is called once. Returns how to stop looking. */
export const watchPace = (
  request: IncomingMessage,
  { stretchMs, leastBytes }: Pace,
  tooSlow: () => void,
): (() => void) => {
  let before = request.socket.bytesRead;
  const stop = (): void => clearInterval(timer);
  const timer = setInterval(() => {
    if (request.complete || request.destroyed) return stop();
    const now = request.socket.bytesRead;
    // We stopped reading ourselves: the disk is slow, not the sender.
    if (now - before < leastBytes && request.readableLength === 0) {
      stop();
      tooSlow();
    }
    before = now;
  }, stretchMs).unref();
  return stop;
};
