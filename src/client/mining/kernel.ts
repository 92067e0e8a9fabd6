/** The innermost loop: tries nonces. This file is the one to replace for a faster kernel. */
import { _SHA256 } from '@noble/hashes/sha2.js';
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

/** SHA-256's compression by itself, over blocks that are padded already: no buffers are copied or wiped for each nonce. */
class Compressor extends _SHA256 {
  /** The state as eight words. */
  state(): number[] {
    return this.get();
  }
  /** Puts a state back and compresses blocks on top of it. */
  compress(state: readonly number[], blocks: DataView, from = 0): void {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    this.set(a, b, c, d, e, f, g, h);
    for (let at = from; at < blocks.byteLength; at += BLOCK) this.process(blocks, at);
  }
  /** True when the hash begins with that many zero bits. */
  hasLeadingZeros(bits: number): boolean {
    if (bits <= 32) return this.A >>> (32 - bits) === 0;
    return this.A === 0 && startsWithZeros(this.get(), bits);
  }
}

/** SHA-256 in JavaScript: all whole blocks before the nonce are hashed once, the tail for every nonce. */
export class ScriptKernel implements Kernel {
  readonly #hash = new Compressor();
  readonly #initial = new Compressor().state();
  #midstate: number[] = [];
  #tail = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));
  #nonceAt = 0;
  #bits = 256;

  load({ prefix, suffix }: WorkParts, bits: number): void {
    const message = paddedMessage(prefix, suffix);
    const whole = prefix.length - (prefix.length % BLOCK);
    this.#hash.compress(this.#initial, new DataView(message.buffer, 0, whole));
    this.#midstate = this.#hash.state();
    this.#tail = message.subarray(whole);
    this.#view = new DataView(message.buffer, whole);
    this.#nonceAt = prefix.length - whole;
    this.#bits = bits;
  }

  run(start: number, count: number): number | undefined {
    this.#write(start);
    for (let i = 0; i < count; i++) {
      this.#hash.compress(this.#midstate, this.#view);
      if (this.#hash.hasLeadingZeros(this.#bits)) return start + i;
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

/** The whole message with SHA-256's padding (FIPS 180-4, 5.1.1), the nonce's place left empty. */
const paddedMessage = (prefix: Uint8Array, suffix: Uint8Array): Uint8Array<ArrayBuffer> => {
  const length = prefix.length + NONCE_DIGITS + suffix.length;
  const message = new Uint8Array(Math.ceil((length + 9) / BLOCK) * BLOCK);
  message.set(prefix, 0);
  message.set(suffix, prefix.length + NONCE_DIGITS);
  message[length] = 0x80;
  new DataView(message.buffer).setBigUint64(message.length - 8, BigInt(length) * 8n);
  return message;
};

/** True when big-endian 32-bit words begin with that many zero bits. */
export const startsWithZeros = (words: readonly number[], bits: number): boolean => {
  const whole = bits >> 5;
  for (let i = 0; i < whole; i++) if (words[i] !== 0) return false;
  const rest = bits & 31;
  return rest === 0 || (words[whole] ?? 0) >>> (32 - rest) === 0;
};
