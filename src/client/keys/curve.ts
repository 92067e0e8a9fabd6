/** The costly steps of sealing and signing, done by libsecp256k1 in WASM: several times as fast as plain JavaScript. */
import { instantiateSecp256k1 } from '@bitauth/libauth';
import { invert } from '@noble/curves/abstract/modular.js';
import { extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { initNostrWasm } from 'nostr-wasm/gzipped';
import type { NostrEvent } from '#protocol/event.ts';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { plainDraft } from './check-signed.ts';
import type { FullDraft } from './check-signed.ts';

/** What a signer and its cipher want of the curve secp256k1. Each throws where a key is none. */
export interface Curve {
  /** NIP-44's conversation key, 32 bytes, of a secret and a public key (lower-case hex). */
  conversationKey(secret: Uint8Array, peer: string): Uint8Array;
  /** The event of a draft, by this secret's key. */
  finalize(draft: FullDraft, secret: Uint8Array): NostrEvent;
}

/** Order of the curve's group (SEC 2, 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const SALT = utf8ToBytes('nip44-v2');

const bytesOf = (hex: string): Uint8Array => {
  const bytes = parseHex(hex);
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
};

const given = (value: Uint8Array | string): Uint8Array => {
  if (typeof value === 'string') throw new Error(value);
  return value;
};

/** A random factor and the one that undoes it, 32 bytes each; that a draw is not below the order is as likely as guessing a key. */
const makeBlind = (): readonly [Uint8Array, Uint8Array] => {
  const factor = crypto.getRandomValues(new Uint8Array(32));
  const undoing = invert(BigInt(`0x${bytesToHex(factor)}`) % ORDER, ORDER);
  return [factor, bytesOf(undoing.toString(16).padStart(64, '0'))];
};

/**
 * Loads both libraries; nothing comes over the network but this code. The library multiplies points in a time that depends on the
 * factor, so a secret is never the factor: the point is multiplied by a random one, and then by the secret with that one undone.
 */
export const createCurve = async (): Promise<Curve> => {
  const [points, nostr] = await Promise.all([instantiateSecp256k1(), initNostrWasm()]);
  return {
    conversationKey(secret, peer) {
      const [factor, undoing] = makeBlind();
      const blinded = given(points.mulTweakPrivateKey(secret, undoing));
      const point = given(points.mulTweakPublicKeyCompressed(bytesOf(`02${peer}`), factor));
      const shared = given(points.mulTweakPublicKeyCompressed(point, blinded));
      blinded.fill(0);
      return extract(sha256, shared.subarray(1), SALT);
    },
    finalize(draft, secret) {
      const event = { ...plainDraft(draft), id: '', pubkey: '', sig: '' };
      nostr.finalizeEvent(event, secret);
      return event;
    },
  };
};
