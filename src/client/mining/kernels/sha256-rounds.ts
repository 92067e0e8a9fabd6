/**
 * SHA-256's parts one by one (FIPS 180-4, 6.2.2), as mining needs them: a schedule without rounds, rounds without a schedule.
 * Whole hashes are the library's; these are held against it in the tests.
 */

/** The round constants (FIPS 180-4, 4.2.2). */
const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** The state before the first block (FIPS 180-4, 5.3.3). */
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

export const BLOCK_BYTES = 64;
/** Least padding: a one bit in its byte, and the length in bits (5.1.1). */
export const PADDING_BYTES = 9;
const STATE_WORDS = 8;
const ROUNDS = 64;

/** A new state of eight words: before the first block. */
export const initialState = (): Int32Array => Int32Array.from(INITIAL);

const rotate = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** Writes the schedule, `K[t] + W[t]`, of the block at `from` to 64 words of `out` from `at` on. */
export const writeSchedule = (bytes: Uint8Array, from: number, out: Int32Array, at: number): void => {
  const block = new DataView(bytes.buffer, bytes.byteOffset + from, BLOCK_BYTES);
  for (let t = 0; t < 16; t++) out[at + t] = block.getInt32(t * 4);
  for (let t = at + 16; t < at + ROUNDS; t++) {
    const w15 = out[t - 15] as number;
    const w2 = out[t - 2] as number;
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    out[t] = (out[t - 16] as number) + s0 + (out[t - 7] as number) + s1;
  }
  for (let t = 0; t < ROUNDS; t++) out[at + t] = (out[at + t] as number) + (K[t] as number);
};

/** Puts a state of eight words through rounds `from` to `to` (exclusive) of the schedule at `at`. */
export const advance = (
  state: Int32Array,
  schedule: Int32Array,
  at: number,
  from: number,
  to: number,
): void => {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let t = at + from; t < at + to; t++) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + sum1 + (g ^ (e & (f ^ g))) + (schedule[t] as number)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (sum0 + (b ^ ((a ^ b) & (b ^ c)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
  state[5] = f;
  state[6] = g;
  state[7] = h;
};

/** Adds another state's words to a state's. */
export const addState = (state: Int32Array, other: Int32Array): void => {
  for (let i = 0; i < STATE_WORDS; i++) state[i] = (state[i] as number) + (other[i] as number);
};

const scratch = new Int32Array(ROUNDS);
const before = new Int32Array(STATE_WORDS);

/** Compresses whole blocks into a state. */
export const compress = (state: Int32Array, blocks: Uint8Array): void => {
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) {
    before.set(state);
    writeSchedule(blocks, at, scratch, 0);
    advance(state, scratch, 0, 0, ROUNDS);
    addState(state, before);
  }
};
