/**
 * The mining kernel in AssemblyScript for browsers without SIMD: the lanes of a quad one after the other.
 * The same words and the same answers as `simd.ts`.
 */

/** Bytes of a quad: eight rows of state, eight of midstate. */
const QUAD: usize = 256;
const SCHEDULE: usize = 256;
/** Where a hash of several blocks keeps its chaining state. */
const CHAIN: usize = 1024;
/** Bytes of a row: one word of each lane. */
const ROW: usize = 16;

/** Σ1 (FIPS 180-4, 4.1.2). */
// @ts-ignore: decorator
@inline
function sum1(e: i32): i32 {
  return rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
}

/** Σ0. */
// @ts-ignore: decorator
@inline
function sum0(a: i32): i32 {
  return rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
}

/** A round's first sum, with `K[t] + W[t]` from `at`. */
// @ts-ignore: decorator
@inline
function first(e: i32, f: i32, g: i32, h: i32, at: usize): i32 {
  return h + load<i32>(at) + sum1(e) + (g ^ (e & (f ^ g)));
}

/** A round's second sum; `ab` is a ^ b, `bc` is b ^ c, which was the round before's `ab`. */
// @ts-ignore: decorator
@inline
function second(a: i32, b: i32, ab: i32, bc: i32): i32 {
  return sum0(a) + (b ^ (ab & bc));
}

/** The first quad between `from` and `to` in which some lane's hash begins with a word that is zero under the mask; else -1. */
export function sweep(
  schedule: usize,
  round: usize,
  from: usize,
  to: usize,
  blocks: usize,
  blocksEnd: usize,
  mask: i32,
): i32 {
  const varying = load<i32>(schedule + (round << 2));
  for (let quad = from; quad < to; quad += QUAD) {
    for (let lane = quad; lane < quad + ROW; lane += 4) {
      let a = load<i32>(lane, 0) + varying;
      let b = load<i32>(lane, 16);
      let c = load<i32>(lane, 32);
      let d = load<i32>(lane, 48);
      let e = load<i32>(lane, 64) + varying;
      let f = load<i32>(lane, 80);
      let g = load<i32>(lane, 96);
      let h = load<i32>(lane, 112);
      let chain = lane + 128;
      let at = schedule + ((round + 1) << 2);
      let end = schedule + SCHEDULE;
      let next = blocks;
      while (true) {
        // Single rounds up to a multiple of eight, then eight at a time, so that no value has to change its name.
        for (; (end - at) & 31; at += 4) {
          const t1 = first(e, f, g, h, at);
          const t2 = second(a, b, a ^ b, b ^ c);
          h = g;
          g = f;
          f = e;
          e = d + t1;
          d = c;
          c = b;
          b = a;
          a = t1 + t2;
        }
        let x: i32;
        let y = b ^ c;
        for (; at < end; at += 32) {
          h = first(e, f, g, h, at);
          d = d + h;
          x = a ^ b;
          h = h + second(a, b, x, y);
          g = first(d, e, f, g, at + 4);
          c = c + g;
          y = h ^ a;
          g = g + second(h, a, y, x);
          f = first(c, d, e, f, at + 8);
          b = b + f;
          x = g ^ h;
          f = f + second(g, h, x, y);
          e = first(b, c, d, e, at + 12);
          a = a + e;
          y = f ^ g;
          e = e + second(f, g, y, x);
          d = first(a, b, c, d, at + 16);
          h = h + d;
          x = e ^ f;
          d = d + second(e, f, x, y);
          c = first(h, a, b, c, at + 20);
          g = g + c;
          y = d ^ e;
          c = c + second(d, e, y, x);
          b = first(g, h, a, b, at + 24);
          f = f + b;
          x = c ^ d;
          b = b + second(c, d, x, y);
          a = first(f, g, h, a, at + 28);
          e = e + a;
          y = b ^ c;
          a = a + second(b, c, y, x);
        }
        if (next == blocksEnd) break;
        a = a + load<i32>(chain, 0);
        b = b + load<i32>(chain, 16);
        c = c + load<i32>(chain, 32);
        d = d + load<i32>(chain, 48);
        e = e + load<i32>(chain, 64);
        f = f + load<i32>(chain, 80);
        g = g + load<i32>(chain, 96);
        h = h + load<i32>(chain, 112);
        chain = CHAIN;
        store<i32>(CHAIN, a, 0);
        store<i32>(CHAIN, b, 16);
        store<i32>(CHAIN, c, 32);
        store<i32>(CHAIN, d, 48);
        store<i32>(CHAIN, e, 64);
        store<i32>(CHAIN, f, 80);
        store<i32>(CHAIN, g, 96);
        store<i32>(CHAIN, h, 112);
        at = next;
        next += SCHEDULE;
        end = next;
      }
      if (((a + load<i32>(chain, 0)) & mask) == 0) return <i32>quad;
    }
  }
  return -1;
}
