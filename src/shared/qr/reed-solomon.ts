/** The arithmetic behind QR codes: Reed-Solomon over GF(256) with 0x11d, and the short codes of their corners. */

const multiply = (left: number, right: number): number => {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((right >>> bit) & 1) * left;
  }
  return product;
};

/** Coefficients of the product of (x - 2^i), without the leading one. */
const divisorOf = (degree: number): Uint8Array => {
  const divisor = new Uint8Array(degree);
  divisor[degree - 1] = 1;
  let root = 1;
  for (let round = 0; round < degree; round++) {
    for (let at = 0; at < degree; at++)
      divisor[at] = multiply(divisor[at] ?? 0, root) ^ (divisor[at + 1] ?? 0);
    root = multiply(root, 2);
  }
  return divisor;
};

const correctionOf = (data: Uint8Array, divisor: Uint8Array): Uint8Array => {
  const rest = new Uint8Array(divisor.length);
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0);
    rest.copyWithin(0, 1);
    rest[rest.length - 1] = 0;
    divisor.forEach((one, at) => (rest[at] = (rest[at] ?? 0) ^ multiply(one, factor)));
  }
  return rest;
};

/** Data cut into blocks, each with its correction, woven into each other; the last blocks may be one byte longer. */
export const weave = (data: Uint8Array, blocks: number, correction: number): Uint8Array => {
  const short = Math.floor(data.length / blocks);
  const longer = data.length % blocks;
  const divisor = divisorOf(correction);
  let start = 0;
  const parts = Array.from({ length: blocks }, (_, at) => {
    const length = short + (at >= blocks - longer ? 1 : 0);
    const part = data.subarray(start, start + length);
    start += length;
    return { part, rest: correctionOf(part, divisor) };
  });
  const woven: number[] = [];
  for (let at = 0; at <= short; at++)
    for (const { part } of parts) if (at < part.length) woven.push(part[at] ?? 0);
  for (let at = 0; at < correction; at++) for (const { rest } of parts) woven.push(rest[at] ?? 0);
  return Uint8Array.from(woven);
};

/** The remainder of a small number's bits, shifted, by a binary polynomial: format and version of a code are protected so. */
export const remainderOf = (value: number, degree: number, polynomial: number): number => {
  let rest = value;
  for (let round = 0; round < degree; round++) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * polynomial);
  return rest;
};
