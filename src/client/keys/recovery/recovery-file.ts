/** The recovery file: a text that says what it is, and the account's key sealed under the passphrase (NIP-49). */
import { bech32 } from '@scure/base';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { displayLine } from '#shared/text.ts';

export interface RecoveryFile {
  readonly fileName: string;
  readonly text: string;
}

export interface RecoveryFacts {
  readonly name: string;
  readonly city: string;
  /** Address of the app, to say where the file is used. */
  readonly address: string;
  readonly ncryptsec: string;
  /** Unix seconds. */
  readonly madeAt: number;
}

/** A NIP-49 code of 1 to 5,000 characters whose checksum holds, version 2, with affordable work (2^`logN` ≤ 2^20). */
export interface SealedKey {
  readonly ncryptsec: string;
  readonly logN: number;
}

const MOST_LOG_N = 20;
const PAYLOAD_BYTES = 91;
const MOST_TEXT = 100_000;
const code = /ncryptsec1[02-9ac-hj-np-z]{58,400}/gi;

/** The file for an account; the header is for people, the last line for the app. */
export const makeRecoveryFile = ({
  name,
  city,
  address,
  ncryptsec,
  madeAt,
}: RecoveryFacts): RecoveryFile => ({
  fileName: `synchrono-city-recovery-${fileWord(name)}.txt`,
  text: [
    `Recovery file of ${displayLine(name, 50)} in ${displayLine(city, 50)}`,
    `Made on ${new Date(madeAt * 1000).toISOString().slice(0, 10)}`,
    '',
    'This file brings your account back on another device or after this one is lost.',
    `Open ${address}, choose "Join the conversation", then "I already have an account",`,
    'and pick this file. You need your passphrase as well: the file alone opens nothing.',
    'Nobody can restore the passphrase for you. Keep both, in different places.',
    '',
    ncryptsec,
    '',
  ].join('\n'),
});

/** A name as part of a file name: letters, digits and hyphens of any script; `account` for none. */
const fileWord = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '') || 'account';

/**
 * Finds the sealed key in our file, in a bare code, or in any text around one. Strict about the code itself: fails with
 * `file` when there is none or more than one, `damaged` when it was cut or mistyped, `foreign` for work that could stall a device.
 */
export const parseRecoveryFile = (
  text: string,
): Result<SealedKey, Failure<'file' | 'damaged' | 'foreign'>> => {
  if (text.length > MOST_TEXT) return fail('file', 'This file is too large to be a recovery file.');
  const found = [...new Set([...text.matchAll(code)].map(([match]) => match.toLowerCase()))];
  if (found.length > 1)
    return fail('file', 'There is more than one account in this file. Keep the line of one.');
  const [ncryptsec] = found;
  if (ncryptsec === undefined)
    return /ncryptsec1/i.test(text)
      ? fail('damaged', 'The recovery code in this file is damaged.')
      : fail('file', 'There is no recovery code in this file.');
  return checkCode(ncryptsec);
};

const checkCode = (ncryptsec: string): Result<SealedKey, Failure<'damaged' | 'foreign'>> => {
  const bytes = decodeCode(ncryptsec);
  const logN = bytes?.[1];
  if (!bytes || logN === undefined || bytes.length !== PAYLOAD_BYTES)
    return fail('damaged', 'The recovery code in this file is damaged.');
  if (bytes[0] !== 2) return fail('foreign', 'This recovery code has a form that this app does not know.');
  if (logN < 1 || logN > MOST_LOG_N)
    return fail('foreign', 'Opening this recovery code would take more memory than a browser gives.');
  return ok({ ncryptsec, logN });
};

const decodeCode = (ncryptsec: string): Uint8Array | undefined => {
  try {
    return bech32.fromWords(bech32.decode(ncryptsec as `ncryptsec1${string}`, 5000).words);
  } catch {
    return undefined;
  }
};
