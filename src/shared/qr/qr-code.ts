/** QR codes (ISO/IEC 18004): a text as squares, byte mode, error correction M, versions 1 to 15. */
import { remainderOf, weave } from './reed-solomon.ts';

/** Rows of modules, dark ones true; without the quiet zone of four modules that belongs around it. */
export type QrSquares = readonly (readonly boolean[])[];

/** Correction codewords a block, and blocks, by version: level M. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];
const FORMAT_OF_M = 0;

/** Modules that carry data or correction. */
const rawModules = (version: number): number => {
  const base = (16 * version + 128) * version + 64;
  if (version < 2) return base;
  const patterns = Math.floor(version / 7) + 2;
  return base - ((25 * patterns - 10) * patterns - 55) - (version >= 7 ? 36 : 0);
};

const dataBytes = (version: number): number =>
  Math.floor(rawModules(version) / 8) - (CORRECTION[version - 1] ?? 0) * (BLOCKS[version - 1] ?? 0);

const headBits = (version: number): number => 4 + (version < 10 ? 8 : 16);

const versionFor = (length: number): number | undefined =>
  CORRECTION.map((_, index) => index + 1).find(
    (version) => headBits(version) + 8 * length <= 8 * dataBytes(version),
  );

const bitsOf = (value: number, length: number): number[] =>
  Array.from({ length }, (_, index) => (value >>> (length - 1 - index)) & 1);

const codewords = (bytes: Uint8Array, version: number): Uint8Array => {
  const most = dataBytes(version);
  const bits = [
    ...bitsOf(4, 4),
    ...bitsOf(bytes.length, headBits(version) - 4),
    ...[...bytes].flatMap((byte) => bitsOf(byte, 8)),
  ];
  bits.push(...bitsOf(0, Math.min(4, 8 * most - bits.length)));
  bits.push(...bitsOf(0, (8 - (bits.length % 8)) % 8));
  const data = new Uint8Array(most);
  for (let at = 0; at < most; at++) {
    const byte = bits.slice(8 * at, 8 * at + 8);
    const padding = (at - bits.length / 8) % 2 === 0 ? 0xec : 0x11;
    data[at] = byte.length === 8 ? byte.reduce((sum, bit) => 2 * sum + bit, 0) : padding;
  }
  return weave(data, BLOCKS[version - 1] ?? 1, CORRECTION[version - 1] ?? 0);
};

/** Where the small patterns stand, by their centres. */
const alignments = (version: number): number[] => {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  const last = 4 * version + 10;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - (count - 2 - index) * step)];
};

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

class Board {
  readonly size: number;
  readonly #version: number;
  readonly dark: boolean[][];
  readonly #isFixed: boolean[][];

  constructor(version: number) {
    this.#version = version;
    this.size = 4 * version + 17;
    const empty = (): boolean[][] =>
      Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false));
    this.dark = empty();
    this.#isFixed = empty();
    this.#drawPatterns();
  }

  #fix(x: number, y: number, isDark: boolean): void {
    const [row, fixed] = [this.dark[y], this.#isFixed[y]];
    if (!row || !fixed || x < 0 || x >= this.size) return;
    row[x] = isDark;
    fixed[x] = true;
  }

  #drawPatterns(): void {
    for (let at = 0; at < this.size; at++) {
      this.#fix(6, at, at % 2 === 0);
      this.#fix(at, 6, at % 2 === 0);
    }
    for (const [x, y] of [
      [3, 3],
      [this.size - 4, 3],
      [3, this.size - 4],
    ] as const)
      this.#drawRings(x, y, 4);
    const centres = alignments(this.#version);
    const last = centres.length - 1;
    centres.forEach((x, i) =>
      centres.forEach((y, j) => {
        const isCorner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
        if (!isCorner) this.#drawRings(x, y, 2);
      }),
    );
    this.drawFormat(0);
    this.#drawVersion();
  }

  #drawRings(x: number, y: number, reach: number): void {
    for (let down = -reach; down <= reach; down++)
      for (let right = -reach; right <= reach; right++) {
        const ring = Math.max(Math.abs(down), Math.abs(right));
        this.#fix(x + right, y + down, reach === 2 ? ring !== 1 : ring !== 2 && ring !== 4);
      }
  }

  drawFormat(mask: number): void {
    const data = (FORMAT_OF_M << 3) | mask;
    const bits = ((data << 10) | remainderOf(data, 10, 0x537)) ^ 0x5412;
    const bit = (at: number): boolean => ((bits >>> at) & 1) === 1;
    const { size } = this;
    for (let at = 0; at < 15; at++) {
      const beside = at < 6 ? at : at < 8 ? at + 1 : 14 - at;
      if (at < 8) this.#fix(8, beside, bit(at));
      else this.#fix(at === 8 ? 7 : beside, 8, bit(at));
      if (at < 8) this.#fix(size - 1 - at, 8, bit(at));
      else this.#fix(8, size - 15 + at, bit(at));
    }
    this.#fix(8, size - 8, true);
  }

  #drawVersion(): void {
    if (this.#version < 7) return;
    const bits = (this.#version << 12) | remainderOf(this.#version, 12, 0x1f25);
    for (let at = 0; at < 18; at++) {
      const isDark = ((bits >>> at) & 1) === 1;
      const [far, near] = [this.size - 11 + (at % 3), Math.floor(at / 3)];
      this.#fix(far, near, isDark);
      this.#fix(near, far, isDark);
    }
  }

  /** Two columns at a time, up and down, from the right. */
  drawData(bytes: Uint8Array): void {
    let at = 0;
    for (let right = this.size - 1; right >= 1; right -= right === 8 ? 3 : 2)
      for (let step = 0; step < this.size; step++)
        for (const x of [right, right - 1]) {
          const isUpward = ((right > 6 ? right + 1 : right + 2) & 2) === 0;
          const y = isUpward ? this.size - 1 - step : step;
          if (this.#isFixed[y]?.[x] !== false) continue;
          const byte = bytes[at >>> 3] ?? 0;
          this.dark[y]![x] = at < 8 * bytes.length && ((byte >>> (7 - (at & 7))) & 1) === 1;
          at += 1;
        }
  }

  /** Twice is as never. */
  flip(mask: number): void {
    const isFlipped = MASKS[mask];
    this.dark.forEach((row, y) =>
      row.forEach((isDark, x) => {
        if (this.#isFixed[y]?.[x] === false && isFlipped?.(x, y)) row[x] = !isDark;
      }),
    );
  }
}

const FINDER = /(?=10111010000|00001011101)/g;

/** How hard a board is to read: long runs, blocks, what looks like a corner, too much of one colour. */
const penaltyOf = (dark: QrSquares): number => {
  const lines = (rows: QrSquares): string[] =>
    rows.map((row) => row.map((one) => (one ? '1' : '0')).join(''));
  const columns = dark.map((_, x) => dark.map((row) => row[x] ?? false));
  let penalty = 0;
  for (const line of [...lines(dark), ...lines(columns)]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    penalty += 40 * [...line.matchAll(FINDER)].length;
  }
  let sum = 0;
  dark.forEach((row, y) =>
    row.forEach((one, x) => {
      if (one) sum += 1;
      const isBlock =
        x > 0 && y > 0 && row[x - 1] === one && dark[y - 1]?.[x] === one && dark[y - 1]?.[x - 1] === one;
      if (isBlock) penalty += 3;
    }),
  );
  return penalty + 10 * Math.floor(Math.abs((20 * sum) / dark.length ** 2 - 10));
};

/** The code of a text (UTF-8); undefined where it has more than 412 bytes. */
export const qrSquares = (text: string): QrSquares | undefined => {
  const bytes = new TextEncoder().encode(text);
  const version = versionFor(bytes.length);
  if (version === undefined) return undefined;
  const board = new Board(version);
  board.drawData(codewords(bytes, version));
  const tried = MASKS.map((_, mask) => {
    board.flip(mask);
    board.drawFormat(mask);
    const penalty = penaltyOf(board.dark);
    board.flip(mask);
    return { mask, penalty };
  });
  const best = tried.reduce((least, one) => (one.penalty < least.penalty ? one : least));
  board.flip(best.mask);
  board.drawFormat(best.mask);
  return board.dark;
};
