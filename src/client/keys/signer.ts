/** Who signs: a key on this device, a browser extension (NIP-07) or a bunker (NIP-46). */
import type { Cipher } from '#protocol/direct/wraps.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';

export type SignerKind = 'device' | 'extension' | 'bunker';

/** `refused`: the person said no; `unreachable`: the extension or bunker doesn't answer; `changed`: it signed something else. */
export type SignerFailure = Failure<'refused' | 'unreachable' | 'changed'>;

/** One person's key, wherever it lives. */
export interface Signer {
  readonly kind: SignerKind;
  /** Lower-case hex public key. */
  readonly pubkey: string;
  /** Signs; the result's kind, tags, content and created_at are checked to be the draft's own. */
  sign(draft: Draft & { readonly created_at: number }): Promise<Result<NostrEvent, SignerFailure>>;
  /** NIP-44 with this key; absent where what holds it cannot do that. */
  readonly cipher?: Cipher | undefined;
  /** Hands the secret to a thread of this page (see `DeviceSigner`); absent where the key is not on this device. */
  lend?(use: (secret: Uint8Array) => () => void): void;
}
