/** What the relays hold and take: lines in many places, and signed lines of many people. */
import * as secp from 'tiny-secp256k1';
import type { NostrEvent } from '../../../src/protocol/event.ts';
import { eventId } from '../../../src/protocol/event.ts';
import { countLeadingZeroBits, makeNonceTag, requiredWork } from '../../../src/protocol/proof-of-work.ts';
import { bytesToHex, parseHex } from '../../../src/shared/bytes.ts';

export const PLACES = 200;
const START = Math.floor(Date.now() / 1000) - 20 * 86_400;
const SENTENCE = 'The ferry leaves at nine from the old pier, and whoever comes late waits with the gulls. ';

const hex64 = (n: number, lead: string): string => lead + n.toString(16).padStart(63, '0');

/** The n-th stored line: never verified, so its signature is none. The number is mixed, so that ids are not in order of time. */
export const lineOf = (n: number) => ({
  id: (
    (Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0') + n.toString(16).padStart(8, '0')
  ).padEnd(64, '0'),
  pubkey: hex64(n % 1000, 'c'),
  kind: 1,
  created_at: START + n,
  tags: [['h', `bench${n % PLACES}`]],
  content: SENTENCE.slice(0, 30 + ((n * 37) % 55)) + String(n),
  sig: '0'.repeat(128),
});

/** A person's signed lines, with the 4 bits of work that a test city asks. */
export const signedLines = (
  person: number,
  count: number,
  content = SENTENCE,
  topic = 'bench',
): NostrEvent[] => {
  const secret = new Uint8Array(32).fill(1);
  new DataView(secret.buffer).setUint32(0, person + 1);
  const pubkey = bytesToHex(secp.xOnlyPointFromScalar(secret));
  const created_at = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, n) => {
    const draft = { kind: 1, content: `${content}${person}.${n}.${Math.random()}`, tags: [['t', topic]] };
    const needed = requiredWork(draft, 'test');
    for (let nonce = 0; ; nonce++) {
      const tags = needed > 0 ? [...draft.tags, [...makeNonceTag(String(nonce), needed)]] : draft.tags;
      const id = eventId({ ...draft, tags, pubkey, created_at });
      if (countLeadingZeroBits(id) < needed) continue;
      const hash = parseHex(id);
      if (!hash.ok) throw new Error('an id that is not hex');
      return {
        ...draft,
        tags,
        pubkey,
        created_at,
        id,
        sig: bytesToHex(secp.signSchnorr(hash.value, secret)),
      };
    }
  });
};
