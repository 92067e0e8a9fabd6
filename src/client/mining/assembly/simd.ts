/**
 * The mining kernel in AssemblyScript with SIMD: four midstates ride in four lanes.
 * Reads words that `grid/grid-words.ts` prepared; `kernels/kernel.ts` says where they lie.
 */

/** Bytes of a quad: eight rows of state, eight of midstate. */
const QUAD: usize = 256;
const SCHEDULE: usize = 256;
/** Where a hash of several blocks keeps its chaining state. */
const CHAIN: usize = 1024;

/** Σ1 (FIPS 180-4, 4.1.2); there is no rotation in SIMD128. */
// @ts-ignore: decorator
@inline
function sum1(e: v128): v128 {
  return v128.xor(
    v128.xor(
      v128.xor(i32x4.shr_u(e, 6), i32x4.shl(e, 26)),
      v128.xor(i32x4.shr_u(e, 11), i32x4.shl(e, 21)),
    ),
    v128.xor(i32x4.shr_u(e, 25), i32x4.shl(e, 7)),
  );
}

/** Σ0. */
// @ts-ignore: decorator
@inline
function sum0(a: v128): v128 {
  return v128.xor(
    v128.xor(
      v128.xor(i32x4.shr_u(a, 2), i32x4.shl(a, 30)),
      v128.xor(i32x4.shr_u(a, 13), i32x4.shl(a, 19)),
    ),
    v128.xor(i32x4.shr_u(a, 22), i32x4.shl(a, 10)),
  );
}

/** A round's first sum, with `K[t] + W[t]` from `at`. */
// @ts-ignore: decorator
@inline
function first(e: v128, f: v128, g: v128, h: v128, at: usize): v128 {
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  return i32x4.add(i32x4.add(h, v128.load32_splat(at)), i32x4.add(sum1(e), choice));
}

/** A round's second sum; `ab` is a ^ b, `bc` is b ^ c, which was the round before's `ab`. */
// @ts-ignore: decorator
@inline
function second(a: v128, b: v128, ab: v128, bc: v128): v128 {
  return i32x4.add(sum0(a), v128.xor(b, v128.and(ab, bc)));
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
  const masks = i32x4.splat(mask);
  const varying = v128.load32_splat(schedule + (round << 2));
  for (let quad = from; quad < to; quad += QUAD) {
    let a = i32x4.add(v128.load(quad, 0), varying);
    let b = v128.load(quad, 16);
    let c = v128.load(quad, 32);
    let d = v128.load(quad, 48);
    let e = i32x4.add(v128.load(quad, 64), varying);
    let f = v128.load(quad, 80);
    let g = v128.load(quad, 96);
    let h = v128.load(quad, 112);
    let chain = quad + 128;
    let at = schedule + ((round + 1) << 2);
    let end = schedule + SCHEDULE;
    let next = blocks;
    while (true) {
      // Single rounds up to a multiple of eight, then eight at a time, so that no value has to change its name.
      for (; (end - at) & 31; at += 4) {
        const t1 = first(e, f, g, h, at);
        const t2 = second(a, b, v128.xor(a, b), v128.xor(b, c));
        h = g;
        g = f;
        f = e;
        e = i32x4.add(d, t1);
        d = c;
        c = b;
        b = a;
        a = i32x4.add(t1, t2);
      }
      let x: v128;
      let y = v128.xor(b, c);
      for (; at < end; at += 32) {
        h = first(e, f, g, h, at);
        d = i32x4.add(d, h);
        x = v128.xor(a, b);
        h = i32x4.add(h, second(a, b, x, y));
        g = first(d, e, f, g, at + 4);
        c = i32x4.add(c, g);
        y = v128.xor(h, a);
        g = i32x4.add(g, second(h, a, y, x));
        f = first(c, d, e, f, at + 8);
        b = i32x4.add(b, f);
        x = v128.xor(g, h);
        f = i32x4.add(f, second(g, h, x, y));
        e = first(b, c, d, e, at + 12);
        a = i32x4.add(a, e);
        y = v128.xor(f, g);
        e = i32x4.add(e, second(f, g, y, x));
        d = first(a, b, c, d, at + 16);
        h = i32x4.add(h, d);
        x = v128.xor(e, f);
        d = i32x4.add(d, second(e, f, x, y));
        c = first(h, a, b, c, at + 20);
        g = i32x4.add(g, c);
        y = v128.xor(d, e);
        c = i32x4.add(c, second(d, e, y, x));
        b = first(g, h, a, b, at + 24);
        f = i32x4.add(f, b);
        x = v128.xor(c, d);
        b = i32x4.add(b, second(c, d, x, y));
        a = first(f, g, h, a, at + 28);
        e = i32x4.add(e, a);
        y = v128.xor(b, c);
        a = i32x4.add(a, second(b, c, y, x));
      }
      if (next == blocksEnd) break;
      a = i32x4.add(a, v128.load(chain, 0));
      b = i32x4.add(b, v128.load(chain, 16));
      c = i32x4.add(c, v128.load(chain, 32));
      d = i32x4.add(d, v128.load(chain, 48));
      e = i32x4.add(e, v128.load(chain, 64));
      f = i32x4.add(f, v128.load(chain, 80));
      g = i32x4.add(g, v128.load(chain, 96));
      h = i32x4.add(h, v128.load(chain, 112));
      chain = CHAIN;
      v128.store(CHAIN, a, 0);
      v128.store(CHAIN, b, 16);
      v128.store(CHAIN, c, 32);
      v128.store(CHAIN, d, 48);
      v128.store(CHAIN, e, 64);
      v128.store(CHAIN, f, 80);
      v128.store(CHAIN, g, 96);
      v128.store(CHAIN, h, 112);
      at = next;
      next += SCHEDULE;
      end = next;
    }
    const top = i32x4.add(a, v128.load(chain, 0));
    if (v128.any_true(i32x4.eq(v128.and(top, masks), i32x4.splat(0)))) return <i32>quad;
  }
  return -1;
}
