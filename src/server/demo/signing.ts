/** Signs the demo's events (BIP-340 in WASM): the same draft gives the same signature. */
import { signSchnorr } from 'tiny-secp256k1';
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { eventId } from '#protocol/event.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import type { Person } from './people.ts';

const noExtraRandomness = new Uint8Array(32);

/** A signed event of a person at a time (Unix seconds). */
export const signAs = (person: Person, draft: Draft, created_at: number): NostrEvent => {
  const unsigned = { ...draft, created_at, pubkey: person.pubkey };
  const id = eventId(unsigned);
  const hash = parseHex(id);
  if (!hash.ok) throw new Error('an event id is always hex');
  return { ...unsigned, id, sig: bytesToHex(signSchnorr(hash.value, person.secret, noExtraRandomness)) };
};
