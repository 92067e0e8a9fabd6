/** Checking ids and signatures: libsecp256k1 in WASM, twice as fast as plain JavaScript, which stands in when WASM fails. */
import { initNostrWasm } from 'nostr-wasm/gzipped';
import { verifyEvent } from 'nostr-tools/pure';
import type { NostrEvent, Verifier } from '#protocol/event.ts';

type Event = Parameters<typeof verifyEvent>[0];

/** What the WASM library throws for events that are not what they say; anything else is trouble of its own. */
const verdicts = new Set(['id is invalid', 'pubkey is invalid', 'signature is invalid']);

// A plain copy: nostr-tools remembers its verdict on the object that it was handed.
const copyOf = (event: NostrEvent): Event => ({ ...event, tags: event.tags as string[][] });

/** Plain JavaScript. */
export const pureVerifier: Verifier = { verify: (event) => verifyEvent(copyOf(event)) };

/** Asks WASM first; whatever it fails on for reasons of its own is asked again of `fallback`. */
export const wasmVerifier = (
  wasm: { verifyEvent(event: Event): void },
  fallback: Verifier = pureVerifier,
): Verifier => ({
  verify: (event) => {
    try {
      wasm.verifyEvent(copyOf(event));
      return true;
    } catch (cause) {
      return cause instanceof Error && verdicts.has(cause.message) ? false : fallback.verify(event);
    }
  },
});

/** The fastest verifier that this machine can run; the WASM is part of the code, nothing is loaded. */
export const createVerifier = async (): Promise<Verifier> => {
  try {
    return wasmVerifier(await initNostrWasm());
  } catch (cause) {
    console.warn('Signatures are checked without WebAssembly', cause);
    return pureVerifier;
  }
};
