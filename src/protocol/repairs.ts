/** What would make a relay take what it refused: read from its words, ours and those of other relays (NIP-01's prefixes). Pure. */
import * as kinds from './kinds.ts';
import { parseReason } from './reasons.ts';
import type { Reason } from './reasons.ts';

/** More work than this (bits) nobody should wait for on a device: hours to days. */
export const MOST_REPAIR_BITS = 30;

/**
 * `resign`: the same words with a new time. `remine`: the same words with so many bits of work; `too-hard`: more than a device can do.
 * `join`: only members are heard. `sign-in`: the relay wants to know who it is. `wait`: later, as it is.
 */
export type Repair =
  | { readonly way: 'resign'; readonly because: 'old' | 'ahead' | 'date' }
  | { readonly way: 'remine' | 'too-hard'; readonly bits: number }
  | { readonly way: 'join' | 'sign-in' | 'wait' };

const AHEAD = /\bahead\b|\bfuture\b|too (?:early|new|far in the future)/;
const OLD = /too (?:old|late|far in the past)|\bago\b|in the past|older than|\bstale\b/;
const DATE = /created_?at|\btimestamps?\b|too far\b|acceptable range/;

const ofDate = (words: string): Repair | undefined => {
  if (AHEAD.test(words)) return { way: 'resign', because: 'ahead' };
  if (OLD.test(words)) return { way: 'resign', because: 'old' };
  return DATE.test(words) ? { way: 'resign', because: 'date' } : undefined;
};

/** Where relays put the number of bits that they want. */
const BITS: readonly RegExp[] = [
  /\bneeds? (\d{1,3})\b/,
  /less than (\d{1,3})\b/,
  /(?:requires?|required|minimum|min|at least|expected|target)\D{0,24}?(\d{1,3})\b/,
  /\b(\d{1,3}) (?:bits?|leading zero(?:es|s)?)(?: of (?:work|pow|difficulty))? (?:are |is )?(?:needed|required|expected)/,
];

const ofWork = (words: string): Repair | undefined => {
  for (const pattern of BITS) {
    const bits = Number(pattern.exec(words)?.[1] ?? 0);
    if (bits > 0) return { way: bits > MOST_REPAIR_BITS ? 'too-hard' : 'remine', bits };
  }
  return undefined;
};

const MEMBERS = /\bmembers?\b|\bjoin(?:ed)?\b|not (?:in (?:this|the)|part of) /;
/** Kinds of which membership decides whether they are heard: talk, not the running of a place. */
const isTalk = (kind: number): boolean => kinds.LINE_KINDS.includes(kind) || kind === kinds.REACTION;

/** A version of a list is not dated anew: it would win over the ones that came after it. */
const mayBeDatedAnew = (kind: number): boolean =>
  !kinds.isReplaceable(kind) && !kinds.isAddressable(kind) && !kinds.isEphemeral(kind);

const ofReason = ({ code, message }: Reason, kind: number): Repair | undefined => {
  const words = message.toLowerCase();
  switch (code) {
    case 'pow':
      return ofWork(words);
    case 'auth-required':
      return { way: 'sign-in' };
    case 'rate-limited':
      return { way: 'wait' };
    case 'restricted':
      return isTalk(kind) && MEMBERS.test(words) ? { way: 'join' } : undefined;
    case 'blocked':
      if (isTalk(kind) && MEMBERS.test(words)) return { way: 'join' };
      return mayBeDatedAnew(kind) ? ofDate(words) : undefined;
    case 'invalid':
    case 'error':
      return mayBeDatedAnew(kind) ? ofDate(words) : undefined;
    default:
      return undefined;
  }
};

/** How a refused event of this kind can be mended; undefined where only the person knows. */
export const repairOf = (reason: string | undefined, kind: number): Repair | undefined =>
  reason === undefined ? undefined : ofReason(parseReason(reason), kind);

/** True where a newer version of the same thing is already there: nothing is lost, and nothing is to be done. */
export const isOutdated = (reason: string, kind: number): boolean =>
  (kinds.isReplaceable(kind) || kinds.isAddressable(kind)) && /\bnewer\b/i.test(parseReason(reason).message);
