/** NIP-59: a rumor sealed by its author, wrapped for one person by a key that is used once. */
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY } from '#shared/time.ts';
import { hasValidId, parseEvent } from '../event.ts';
import type { Draft, NostrEvent, Verifier } from '../event.ts';
import * as kinds from '../kinds.ts';
import { parseRumor } from './rumors.ts';
import type { Rumor } from './rumors.ts';

/** NIP-44 between oneself and one other; fails where the key is not at hand or the text is not from them. */
export interface Cipher {
  encrypt(peer: string, plain: string): Promise<Result<string, Failure>>;
  decrypt(peer: string, sealed: string): Promise<Result<string, Failure>>;
}

/** A time within the two days before: when something was said is nobody else's business. `random` in 0–1. */
export const blurred = (now: number, random: number): number => now - Math.floor(random * 2 * DAY);

/** The seal's draft, its content the rumor as `peer` can read it; to be signed by the rumor's author. Fails as the cipher does. */
export const makeSeal = async (
  rumor: Rumor,
  peer: string,
  cipher: Cipher,
  at: number,
): Promise<Result<Draft & { readonly created_at: number }, Failure>> => {
  const content = await cipher.encrypt(peer, JSON.stringify(rumor));
  return content.ok ? ok({ kind: kinds.SEAL, tags: [], content: content.value, created_at: at }) : content;
};

export interface WrapOptions {
  /** When it was made, Unix seconds: `blurred`, or (live) now. */
  readonly at: number;
  /** Nobody stores it (kind 21059). */
  readonly isLive?: boolean;
  /** Unix seconds after which nobody needs it (NIP-40). */
  readonly expires?: number;
}

/** The wrap's draft around a signed seal; to be signed by the key that `once` encrypts with. Fails as the cipher does. */
export const makeWrap = async (
  seal: NostrEvent,
  peer: string,
  once: Cipher,
  { at, isLive = false, expires }: WrapOptions,
): Promise<Result<Draft & { readonly created_at: number }, Failure>> => {
  const content = await once.encrypt(peer, JSON.stringify(seal));
  const tags = [['p', peer], ...(expires === undefined ? [] : [['expiration', String(expires)]])];
  const kind = isLive ? kinds.EPHEMERAL_GIFT_WRAP : kinds.GIFT_WRAP;
  return content.ok ? ok({ kind, tags, content: content.value, created_at: at }) : content;
};

/** `unread`: this key cannot open it, now or ever; `forged`: it is not what it says. */
export type WrapFailure = Failure<'unread' | 'forged'>;

const parseSeal = (text: string, verifier: Verifier): Result<NostrEvent, WrapFailure> => {
  const json = parseJson(text);
  const seal = json.ok ? parseEvent(json.value) : json;
  if (!seal.ok) return fail('forged', 'a wrap without a seal');
  if (seal.value.kind !== kinds.SEAL) return fail('forged', 'a wrap around something else than a seal');
  return hasValidId(seal.value) && verifier.verify(seal.value)
    ? ok(seal.value)
    : fail('forged', 'a seal whose signature does not hold');
};

/** NIP-44 seals up to 65,535 bytes: twice in base64 that is less than this many characters. */
const WRAP_MAX = 160_000;

/** Opens a wrap that came for the cipher's own key: the rumor, said by whoever signed the seal. */
export const openWrap = async (
  wrap: NostrEvent,
  cipher: Cipher,
  verifier: Verifier,
): Promise<Result<Rumor, WrapFailure>> => {
  if (wrap.content.length > WRAP_MAX) return fail('forged', 'a wrap that is too large for any message');
  const outer = await cipher.decrypt(wrap.pubkey, wrap.content);
  if (!outer.ok) return fail('unread', outer.error.message, outer.error);
  const seal = parseSeal(outer.value, verifier);
  if (!seal.ok) return seal;
  const inner = await cipher.decrypt(seal.value.pubkey, seal.value.content);
  if (!inner.ok) return fail('unread', inner.error.message, inner.error);
  const rumor = parseRumor(inner.value, seal.value.pubkey, wrap.kind);
  return rumor.ok ? rumor : fail('forged', rumor.error.message);
};
