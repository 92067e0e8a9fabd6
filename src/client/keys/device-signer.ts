/** A key in this page's memory. */
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { plainDraft } from './check-signed.ts';
import type { FullDraft } from './check-signed.ts';
import { SecretCipher } from './secret-cipher.ts';
import type { Signer, SignerFailure } from './signer.ts';

/** Makes a new secret key: 32 random bytes that are a valid one. */
export const makeSecretKey = (): Uint8Array => generateSecretKey();

/** The lower-case hex public key of a secret key. */
export const publicKeyOf = (secret: Uint8Array): string => getPublicKey(secret);

/** Signs with secret bytes that it keeps a copy of until `forget`. */
export class DeviceSigner implements Signer {
  readonly kind = 'device';
  readonly pubkey: string;
  readonly cipher = new SecretCipher(() => (this.#forgotten ? undefined : this.#secret));
  readonly #secret: Uint8Array;
  #forgotten = false;

  constructor(secret: Uint8Array) {
    this.#secret = secret.slice();
    this.pubkey = publicKeyOf(secret);
  }

  /** Overwrites the secret with zeros; signing fails with `refused` from now on. */
  forget(): void {
    this.#secret.fill(0);
    this.#forgotten = true;
    this.cipher.forget();
  }

  sign(draft: FullDraft): Promise<Result<NostrEvent, SignerFailure>> {
    if (this.#forgotten) return Promise.resolve(fail('refused', 'Your account is locked. Unlock it first.'));
    const { kind, created_at, content, tags, pubkey, id, sig } = finalizeEvent(
      plainDraft(draft),
      this.#secret,
    );
    return Promise.resolve(ok({ id, pubkey, created_at, kind, tags, content, sig }));
  }
}
