/** A key in this page's memory. */
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { plainDraft } from './check-signed.ts';
import type { FullDraft } from './check-signed.ts';
import type { Curve } from './curve.ts';
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
  readonly cipher: SecretCipher;
  readonly #secret: Uint8Array;
  readonly #curve: Curve | undefined;
  readonly #lent = new Set<() => void>();
  #forgotten = false;

  /** `curve`: faster than plain JavaScript, where there is time to load it. */
  constructor(secret: Uint8Array, curve?: Curve) {
    this.#secret = secret.slice();
    this.#curve = curve;
    this.pubkey = publicKeyOf(secret);
    this.cipher = new SecretCipher(
      () => (this.#forgotten ? undefined : this.#secret),
      curve && ((mine, peer) => curve.conversationKey(mine, peer)),
    );
  }

  /** Hands a copy of the secret to a thread of this page; `use` returns how it is taken back, which `forget` does. */
  lend(use: (secret: Uint8Array) => () => void): void {
    if (!this.#forgotten) this.#lent.add(use(this.#secret.slice()));
  }

  /** Overwrites the secret with zeros; signing fails with `refused` from now on. */
  forget(): void {
    this.#secret.fill(0);
    this.#forgotten = true;
    this.cipher.forget();
    for (const takeBack of this.#lent) takeBack();
    this.#lent.clear();
  }

  sign(draft: FullDraft): Promise<Result<NostrEvent, SignerFailure>> {
    if (this.#forgotten) return Promise.resolve(fail('refused', 'Your account is locked. Unlock it first.'));
    if (this.#curve) return Promise.resolve(ok(this.#curve.finalize(draft, this.#secret)));
    const { kind, created_at, content, tags, pubkey, id, sig } = finalizeEvent(
      plainDraft(draft),
      this.#secret,
    );
    return Promise.resolve(ok({ id, pubkey, created_at, kind, tags, content, sig }));
  }
}
