/**
 * Negentropy V1 against recordings of the reference implementation (hoytech/negentropy, js, at 6edb041d), which asked and
 * answered itself over sets that are made again here.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { ItemSet } from '#protocol/negentropy/item-set.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import {
  answerReconciliation,
  continueReconciliation,
  openReconciliation,
} from '#protocol/negentropy/reconcile.ts';
import recordings from './data/negentropy.json' with { type: 'json' };

interface Recording {
  readonly name: string;
  readonly count: number;
  /** Seconds that the items are spread over. */
  readonly spread: number;
  /** 0: that side has nothing. */
  readonly here?: number;
  readonly there?: number;
  /** Every so many items is missing on that side. */
  readonly skipHere?: number;
  readonly skipThere?: number;
  /** Bytes of a message; absent for no bound. */
  readonly frame?: number;
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  readonly haveDigest: string;
  readonly needDigest: string;
}

const UNBOUNDED = 1_000_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const digest = (ids: ReadonlySet<string>): string => sha256([...ids].sort().join(' '));
const bytes = (hex: string): Uint8Array => {
  const parsed = parseHex(hex);
  if (!parsed.ok) throw new Error('a recording is not hex');
  return parsed.value;
};
const side = ({ count, spread }: Recording, has: number | undefined, skip: number | undefined): ItemSet => {
  const items: Item[] = [];
  for (let n = 0; has !== 0 && n < count; n++)
    if (!skip || n % skip !== 0) items.push({ at: 1_700_000_000 + (n % spread), id: sha256(`item ${n}`) });
  return new ItemSet(items);
};
const valueOf = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error('a recorded message was refused');
  return result.value;
};

test.each(recordings as readonly Recording[])('$name', (one) => {
  const here = side(one, one.here, one.skipHere);
  const there = side(one, one.there, one.skipThere);
  const most = one.frame ?? UNBOUNDED;
  const told = { have: new Set<string>(), need: new Set<string>() };

  expect(bytesToHex(openReconciliation(here))).toBe(one.asked[0]);
  one.asked.forEach((message, round) => {
    const answer = bytesToHex(valueOf(answerReconciliation(there, bytes(message), most)));
    // Where messages are cut, each side may choose where; else there is one right answer.
    if (one.frame === undefined) expect(answer).toBe(one.answered[round]);
    const step = valueOf(continueReconciliation(here, bytes(one.answered[round] ?? ''), most));
    step.have.forEach((id) => told.have.add(id));
    step.need.forEach((id) => told.need.add(id));
    if (one.frame === undefined) expect(step.next && bytesToHex(step.next)).toBe(one.asked[round + 1]);
  });
  expect(digest(told.have)).toBe(one.haveDigest);
  expect(digest(told.need)).toBe(one.needDigest);
});
