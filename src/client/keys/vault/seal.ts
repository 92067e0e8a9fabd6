/** NIP-49: a secret key under a passphrase. Slow on purpose: runs in the secrets worker. */
import { decrypt, encrypt } from 'nostr-tools/nip49';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { parseRecoveryFile } from '../recovery/recovery-file.ts';

export type OpenFailure = Failure<'passphrase' | 'damaged'>;

/** Seals and opens; a passphrase is NFKC-normalized by NIP-49 itself, so that every keyboard gives the same one. */
export interface Sealer {
  seal(secret: Uint8Array, passphrase: string): Promise<string>;
  /** Fails with `passphrase` for a wrong one, `damaged` for a code that cannot be opened by anyone. */
  open(ncryptsec: string, passphrase: string): Promise<Result<Uint8Array, OpenFailure>>;
}

/** scrypt's cost: 2^16 rounds, 64 MB, about half a second. */
export const LOG_N = 16;
/** NIP-49: whether the key was ever handled carelessly elsewhere is not known here. */
const KEY_SECURITY = 2;

/** The sealer that works in its own thread, blocking it. */
export const blockingSealer: Sealer = {
  seal: (secret, passphrase) => Promise.resolve(encrypt(secret, passphrase, LOG_N, KEY_SECURITY)),
  open: (ncryptsec, passphrase) => Promise.resolve(openNow(ncryptsec, passphrase)),
};

const openNow = (ncryptsec: string, passphrase: string): Result<Uint8Array, OpenFailure> => {
  const code = parseRecoveryFile(ncryptsec);
  if (!code.ok) return fail('damaged', code.error.message);
  try {
    const secret = decrypt(code.value.ncryptsec, passphrase);
    return secret.length === 32 ? ok(secret) : fail('damaged', 'This recovery code holds no key.');
  } catch (cause) {
    return fail('passphrase', 'This is not the passphrase.', cause);
  }
};
