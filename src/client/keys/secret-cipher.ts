/** NIP-44 with a secret key that is at hand; loaded when first needed. */
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Cipher } from '#protocol/direct/wraps.ts';

/** Keys of conversations that are kept: those of wraps are used once and pass through, those of people stay. */
const MOST_KNOWN = 200;

type MakeKey = (secret: Uint8Array, peer: string) => Uint8Array;

/** Encrypts and decrypts with the secret that `secret` gives each time; undefined: it is not here any more. */
export class SecretCipher implements Cipher {
  readonly #secret: () => Uint8Array | undefined;
  readonly #makeKey: MakeKey | undefined;
  /** Of a peer's key and ours; made once, for it costs a millisecond. */
  readonly #shared = new Map<string, Uint8Array>();

  /** `makeKey`: a faster way to a conversation's key than the library's own. */
  constructor(secret: () => Uint8Array | undefined, makeKey?: MakeKey) {
    this.#secret = secret;
    this.#makeKey = makeKey;
  }

  /** Lets go of everything that was made from the secret. */
  forget(): void {
    for (const key of this.#shared.values()) key.fill(0);
    this.#shared.clear();
  }

  encrypt(peer: string, plain: string): Promise<Result<string>> {
    return this.#with(peer, ({ encrypt }, key) => encrypt(plain, key), 'this cannot be sealed');
  }

  decrypt(peer: string, sealed: string): Promise<Result<string>> {
    return this.#with(peer, ({ decrypt }, key) => decrypt(sealed, key), 'this was not sealed for you');
  }

  async #with(
    peer: string,
    work: (nip44: typeof import('nostr-tools/nip44').v2, key: Uint8Array) => string,
    sentence: string,
  ): Promise<Result<string>> {
    const { v2 } = await import('nostr-tools/nip44');
    const secret = this.#secret();
    if (!secret) return fail('locked', 'Your account is locked. Unlock it first.');
    try {
      return ok(work(v2, this.#keyFor(peer, secret, this.#makeKey ?? v2.utils.getConversationKey)));
    } catch (cause) {
      return fail('sealed', sentence, cause);
    }
  }

  #keyFor(peer: string, secret: Uint8Array, make: MakeKey): Uint8Array {
    const key = this.#shared.get(peer) ?? make(secret, peer);
    this.#shared.delete(peer);
    this.#shared.set(peer, key);
    const [oldest] = this.#shared.keys();
    if (this.#shared.size > MOST_KNOWN && oldest !== undefined) {
      this.#shared.get(oldest)?.fill(0);
      this.#shared.delete(oldest);
    }
    return key;
  }
}
