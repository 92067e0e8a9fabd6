/** One rumor for one person: sealed by its author, wrapped by a key that is used once (NIP-59). */
import { generateSecretKey, finalizeEvent } from 'nostr-tools/pure';
import type { Rumor } from '#protocol/direct/rumors.ts';
import { blurred, makeSeal, makeWrap } from '#protocol/direct/wraps.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { PublishFailure } from '../city/city.ts';
import { plainDraft } from '../keys/check-signed.ts';
import type { Curve } from '../keys/curve.ts';
import { SecretCipher } from '../keys/secret-cipher.ts';
import type { Signer } from '../keys/signer.ts';

export interface SendOptions {
  /** A word in passing: no copy for one's own devices, nothing to show, and it is not held for who cannot be reached. */
  readonly isNote?: boolean;
  /** Unix seconds after which nobody needs it. */
  readonly expires?: number;
}

export interface WrapWish {
  /** Unix seconds. */
  readonly now: number;
  /** For those who are here now; stored nowhere (kind 21059). */
  readonly isLive?: boolean;
  /** Unix seconds after which nobody needs it. */
  readonly expires?: number;
}

export interface WrapTools {
  /** 0–1: how far back in time it is put. */
  readonly random: () => number;
  readonly curve?: Curve | undefined;
}

/** Seals and wraps. Fails as the signer and its cipher do; `impossible` where what holds the key has no cipher. */
export const wrapFor = async (
  rumor: Rumor,
  to: string,
  signer: Signer,
  { now, ...options }: WrapWish,
  { random, curve }: WrapTools,
): Promise<Result<NostrEvent, PublishFailure>> => {
  if (!signer.cipher) return fail('impossible', 'What holds your key cannot seal messages (NIP-44).');
  const seal = await makeSeal(rumor, to, signer.cipher, blurred(now, random()));
  if (!seal.ok) return sealing(seal.error);
  const signed = await signer.sign(seal.value);
  if (!signed.ok) return signed;
  const secret = generateSecretKey();
  const once = new SecretCipher(() => secret, curve && ((mine, peer) => curve.conversationKey(mine, peer)));
  const at = options.isLive === true ? now : blurred(now, random());
  const wrap = await makeWrap(signed.value, to, once, { ...options, at });
  once.forget();
  if (!wrap.ok) return sealing(wrap.error);
  if (curve) return ok(curve.finalize(wrap.value, secret));
  const { id, pubkey, created_at, kind, tags, content, sig } = finalizeEvent(plainDraft(wrap.value), secret);
  return ok({ id, pubkey, created_at, kind, tags, content, sig });
};

const sealing = (failure: Failure) =>
  fail(failure.code === 'locked' ? 'locked' : 'refused', failure.message, failure);
