/**
 * Schnorr signatures by libsecp256k1 in WebAssembly: 0.3 ms each, so it runs in line; a worker pool would cost more in
 * copying than it gains until a city sees thousands of events a second.
 */
import { verifySchnorr } from 'tiny-secp256k1';
import { parseHex } from '#shared/bytes.ts';
import type { Verifier } from '#protocol/event.ts';

/** Checks signatures only: the id is checked earlier, where it is cheap. */
export const signatureVerifier: Verifier = {
  verify: (event) => {
    const id = parseHex(event.id);
    const key = parseHex(event.pubkey);
    const signature = parseHex(event.sig);
    if (!id.ok || !key.ok || !signature.ok) return false;
    try {
      return verifySchnorr(id.value, key.value, signature.value);
    } catch {
      return false; // a key that is no point of the curve
    }
  },
};
