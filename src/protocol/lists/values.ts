/**
 * Values of one's own that devices share, sealed to oneself (NIP-78): each has a key, and of two the later counts. What is taken away
 * stays as a key without a value, so that no other device brings it back.
 */
import { isRecord } from '#shared/json.ts';

/** One value as it stands. */
export interface OwnValue {
  readonly key: string;
  /** When it was set (Unix seconds, as the device that set it says). */
  readonly at: number;
  /** Undefined: taken away. */
  readonly value?: string | undefined;
}

/** Characters of a document that are written at most; a seal takes 65,535 bytes. */
const MOST_CHARACTERS = 40_000;
const MOST_KEY = 800;

/** Nothing comes before everything, an empty text included. */
const rankOf = ({ value }: OwnValue): string => (value === undefined ? '' : `=${value}`);

/** True where `left` counts over `right`, on every device alike. */
export const isLater = (left: OwnValue, right: OwnValue | undefined): boolean =>
  right === undefined || left.at > right.at || (left.at === right.at && rankOf(left) > rankOf(right));

const parseOne = (one: unknown): OwnValue | undefined => {
  if (!Array.isArray(one)) return undefined;
  const [key, at, value] = one as unknown[];
  if (typeof key !== 'string' || key.length > MOST_KEY || !Number.isSafeInteger(at)) return undefined;
  if (value !== undefined && value !== null && typeof value !== 'string') return undefined;
  return { key, at: at as number, value: value ?? undefined };
};

/** Reads a sealed document; undefined for what is none. Malformed values are left out. */
export const parseOwnValues = (document: unknown): readonly OwnValue[] | undefined =>
  isRecord(document) && Array.isArray(document['values'])
    ? document['values'].flatMap((one: unknown) => parseOne(one) ?? [])
    : undefined;

/** Both, each key once with what counts. */
export const mergeOwnValues = (
  left: readonly OwnValue[],
  right: readonly OwnValue[],
): ReadonlyMap<string, OwnValue> => {
  const merged = new Map<string, OwnValue>();
  for (const one of [...left, ...right]) if (isLater(one, merged.get(one.key))) merged.set(one.key, one);
  return merged;
};

/** The document to be sealed; other fields of `before` stay. Where it is too much, what was set longest ago is left out. */
export const makeOwnValues = (values: Iterable<OwnValue>, before?: unknown): Record<string, unknown> => {
  let room = MOST_CHARACTERS;
  const kept = [...values]
    .sort((a, b) => b.at - a.at || (a.key < b.key ? -1 : 1))
    .map(({ key, at, value }) => (value === undefined ? [key, at] : [key, at, value]))
    .filter((one) => (room -= JSON.stringify(one).length + 1) > 0);
  return { ...(isRecord(before) ? before : {}), v: 1, values: kept };
};
