/** NIP-13: how much work each kind asks, how it is committed to, how it is checked. */
import type { NostrEvent, Tag, UnsignedEvent } from './event.ts';
import * as kinds from './kinds.ts';
import { findTag, hasTag } from './tags.ts';

/** `real` is the city's price list; `test` asks 4 bits where it asks any, for development only. */
export type WorkMode = 'real' | 'test';

const bits: ReadonlyMap<number, number> = new Map([
  [kinds.PROFILE, 20],
  [kinds.CREATE_GROUP, 28],
  [kinds.BLOCK_LIST, 12],
  [kinds.PLACE_CHAT, 8],
  [kinds.PLACE_PRESENCE, 8],
  [kinds.CALL_STARTED, 24],
  [kinds.CALL_JOIN_REQUEST, 12],
]);
const TEST_BITS = 4;

/** Leading zero bits that an event needs; 0 for most kinds. A block list asks only when it names people. */
export const requiredWork = (
  event: Pick<UnsignedEvent, 'kind' | 'tags'>,
  mode: WorkMode = 'real',
): number => {
  if (event.kind === kinds.BLOCK_LIST && !hasTag(event, 'p')) return 0;
  const needed = bits.get(event.kind) ?? 0;
  return needed > 0 && mode === 'test' ? TEST_BITS : needed;
};

/** The price list for NIP-11: kind → bits. */
export const workTable = (mode: WorkMode): Record<string, number> =>
  Object.fromEntries([...bits].map(([kind, needed]) => [String(kind), mode === 'test' ? TEST_BITS : needed]));

/** Leading zero bits of a hex id (NIP-13). */
export const countLeadingZeroBits = (hex: string): number => {
  let count = 0;
  for (const digit of hex) {
    const value = Number.parseInt(digit, 16);
    if (value !== 0) return count + Math.clz32(value) - 28;
    count += 4;
  }
  return count;
};

/** The target that the event's author committed to in its `nonce` tag; undefined where there is none. */
export const committedWork = (event: Pick<UnsignedEvent, 'tags'>): number | undefined => {
  const target = findTag(event, 'nonce')?.[2];
  return target !== undefined && /^\d{1,3}$/.test(target) ? Number(target) : undefined;
};

/** The work an event may claim: the lesser of what it shows and what it committed to (luck does not count). */
export const provenWork = (event: Pick<NostrEvent, 'id' | 'tags'>): number =>
  Math.min(countLeadingZeroBits(event.id), committedWork(event) ?? 0);

/** The `nonce` tag; it goes last, so that a miner's changing bytes sit in the hash's last block. */
export const makeNonceTag = (nonce: string, target: number): Tag => ['nonce', nonce, String(target)];

/** Hashes to expect for a target: 2^bits. Work has no memory, so this is a mean, never a countdown. */
export const expectedHashes = (target: number): number => 2 ** target;

/** Chance (0–1) to have found it after so many hashes. */
export const oddsAfter = (hashes: number, target: number): number =>
  -Math.expm1(-hashes / expectedHashes(target));
