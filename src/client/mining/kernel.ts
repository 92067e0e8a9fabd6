/** The innermost loop: tries nonces. This file is the one to replace for a faster kernel. */
import { sha256 } from '@noble/hashes/sha2.js';
import { NONCE_DIGITS } from './work-parts.ts';
import type { WorkParts } from './work-parts.ts';

export interface Kernel {
  /** Takes the bytes around the nonce and the leading zero bits to reach (1–256). */
  load(parts: WorkParts, bits: number): void;
  /** Tries `count` nonces from `start`; the first one whose SHA-256 reaches the target, or undefined. */
  run(start: number, count: number): number | undefined;
}

const BLOCK = 64;
const ZERO = 48;
const NINE = 57;

/** SHA-256 in JavaScript: all whole blocks before the nonce are hashed once, the tail for every nonce. */
export class ScriptKernel implements Kernel {
  readonly #work = sha256.create();
  readonly #out = new Uint8Array(32);
  #midstate = sha256.create();
  #tail = new Uint8Array(0);
  #nonceAt = 0;
  #bits = 256;

  load({ prefix, suffix }: WorkParts, bits: number): void {
    const whole = prefix.length - (prefix.length % BLOCK);
    this.#midstate = sha256.create().update(prefix.subarray(0, whole));
    this.#nonceAt = prefix.length - whole;
    this.#tail = new Uint8Array(this.#nonceAt + NONCE_DIGITS + suffix.length);
    this.#tail.set(prefix.subarray(whole), 0);
    this.#tail.set(suffix, this.#nonceAt + NONCE_DIGITS);
    this.#bits = bits;
  }

  run(start: number, count: number): number | undefined {
    this.#write(start);
    for (let i = 0; i < count; i++) {
      this.#midstate._cloneInto(this.#work);
      this.#work.update(this.#tail).digestInto(this.#out);
      if (hasLeadingZeros(this.#out, this.#bits)) return start + i;
      this.#increment();
    }
    return undefined;
  }

  #write(nonce: number): void {
    let rest = nonce;
    for (let at = this.#nonceAt + NONCE_DIGITS - 1; at >= this.#nonceAt; at--) {
      this.#tail[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }

  #increment(): void {
    let at = this.#nonceAt + NONCE_DIGITS - 1;
    while (this.#tail[at] === NINE) this.#tail[at--] = ZERO;
    this.#tail[at] = (this.#tail[at] ?? ZERO) + 1;
  }
}

/** True when a hash begins with that many zero bits. */
export const hasLeadingZeros = (hash: Uint8Array, bits: number): boolean => {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (hash[i] !== 0) return false;
  const rest = bits & 7;
  return rest === 0 || (hash[whole] ?? 0) >> (8 - rest) === 0;
};
