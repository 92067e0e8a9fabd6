/** How far a place is known to be whole here; remembered between runs of the app. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';

export interface Cursor {
  /** Unix seconds: from here on nothing is meant to be missing. */
  readonly floor: number;
  /** Unix seconds: when that was last made sure. */
  readonly upTo: number;
  /** Ids here that the relay no longer has, and was asked about: not worth another word. */
  readonly lost: readonly string[];
}

/** Lost ids that are remembered of a place. */
export const MOST_LOST = 5000;

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parseCursor = (value: unknown): Cursor | undefined => {
  if (!isRecord(value)) return undefined;
  const { floor, upTo, lost } = value;
  if (!isTime(floor) || !isTime(upTo) || !Array.isArray(lost)) return undefined;
  return { floor, upTo, lost: lost.filter(isHex64).slice(0, MOST_LOST) };
};

/** What is remembered: cursors by relay and place, and who was here last. */
export interface Remembered {
  readonly cursors: Map<string, Cursor>;
  /** The last proven key: whose places are caught up on while nobody has signed in yet. */
  readonly me: string | undefined;
}

/** What was remembered, the malformed left out: losing it costs a second look. */
export const parseRemembered = (value: unknown): Remembered => {
  const { cursors, me } = isRecord(value) ? value : {};
  const found = new Map<string, Cursor>();
  for (const [key, one] of isRecord(cursors) ? Object.entries(cursors) : []) {
    const cursor = parseCursor(one);
    if (cursor) found.set(key, cursor);
  }
  return { cursors: found, me: isHex64(me) ? me : undefined };
};
