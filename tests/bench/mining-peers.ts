/** Other people's miners, in Node and in a browser's worker: hashes a second, counted by their own nonces. */
import { getPow, minePow } from 'nostr-tools/nip13';
import { initSync, mine_event } from 'notemine';
import { benchEvent } from './mining-event.ts';

/** Low enough that a call is over soon: about 4,000 hashes. */
const BITS = 12;

interface Mined {
  readonly id: string;
  readonly created_at: number;
  readonly tags: readonly (readonly string[])[];
}

let variant = 0;

const nonceOf = (mined: Mined): number => {
  if (getPow(mined.id) < BITS) throw new Error(`a peer's event has less than ${BITS} bits: ${mined.id}`);
  return Number(mined.tags.find(([name]) => name === 'nonce')?.[1]);
};

const mutable = (created_at: number) => {
  const event = benchEvent(++variant);
  return { ...event, created_at, tags: event.tags.map((tag) => [...tag]) };
};

/**
 * nostr-tools' `minePow`. It counts its nonce up from 1, and anew whenever the second changes: calls in which that happened are
 * left out, with their time.
 */
export const minePowRate = (ms: number): number => {
  let hashes = 0;
  let took = 0;
  while (took < ms) {
    const second = Math.floor(Date.now() / 1000);
    const began = performance.now();
    const mined = minePow(mutable(second), BITS);
    const time = performance.now() - began;
    if (mined.created_at !== second) continue;
    took += time;
    hashes += nonceOf(mined);
  }
  return (hashes / took) * 1000;
};

/** Gives notemine its WebAssembly. */
export const openNotemine = (bytes: BufferSource): void => void initSync({ module: bytes });

const quietly = <T>(act: () => T): T => {
  const { log } = console;
  console.log = () => undefined;
  try {
    return act();
  } finally {
    console.log = log;
  }
};

/** npm's `notemine`: its nonce counts up from 0, by one. It writes to the console; that is kept out of its time. */
export const notemineRate = (ms: number): number =>
  quietly(() => {
    let hashes = 0;
    let took = 0;
    while (took < ms) {
      const event = JSON.stringify(mutable(1_800_000_000));
      const began = performance.now();
      const { event: mined } = mine_event(event, BITS, '0', '1', noProgress, never) as { event: Mined };
      took += performance.now() - began;
      hashes += nonceOf(mined) + 1;
    }
    return (hashes / took) * 1000;
  });

const noProgress = (): void => undefined;
const never = (): boolean => false;
