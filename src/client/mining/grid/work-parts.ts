/** Where an event's nonce lies in its canonical bytes (NIP-01, NIP-13): all that mining needs to know of an event. */
import type { UnsignedEvent } from '#protocol/event.ts';
import { makeNonceTag } from '#protocol/proof-of-work.ts';

export interface WorkParts {
  /** Canonical bytes before the nonce's first character. */
  readonly prefix: Uint8Array<ArrayBuffer>;
  /** Canonical bytes after its last one. */
  readonly suffix: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/** The event with its work committed to in a last `nonce` tag; an older one is taken out. */
export const withNonce = (event: UnsignedEvent, nonce: string, bits: number): UnsignedEvent => ({
  kind: event.kind,
  tags: [...event.tags.filter((tag) => tag[0] !== 'nonce'), makeNonceTag(nonce, bits)],
  content: event.content,
  created_at: event.created_at,
  pubkey: event.pubkey,
});

/** Cuts the canonical bytes of an event at its nonce. Everything before it depends on nothing behind it. */
export const workParts = (event: UnsignedEvent, bits: number): WorkParts => {
  const tags = event.tags.filter((tag) => tag[0] !== 'nonce');
  const head = JSON.stringify([0, event.pubkey, event.created_at, event.kind, tags]).slice(0, -2);
  const prefix = `${head}${tags.length > 0 ? ',' : ''}["nonce","`;
  const suffix = `","${bits}"]],${JSON.stringify(event.content)}]`;
  return { prefix: encoder.encode(prefix), suffix: encoder.encode(suffix) };
};
