import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureGif, stripGif } from './gif.ts';
import { measureHeif } from './heif.ts';
import { measureJpeg, stripJpeg } from './jpeg.ts';
import type { Stripped } from './measured.ts';
import { measurePng, stripPng } from './png.ts';
import { measureWebp, stripWebp } from './webp.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const latin = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const bytes = (...parts: (string | number | readonly number[] | Uint8Array)[]): Bytes =>
  Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'string') return latin(part);
      return typeof part === 'number' ? [part] : [...part];
    }),
  );
const whole = (stripped: Stripped): Bytes => bytes(...(stripped ?? []));
const has = (where: Uint8Array, text: string): boolean => String.fromCharCode(...where).includes(text);
const big16 = (value: number) => [value >> 8, value & 255];
const big32 = (value: number) => [...big16(value >>> 16), ...big16(value & 0xffff)];
const little16 = (value: number) => [value & 255, value >> 8];
const little24 = (value: number) => [...little16(value & 0xffff), value >> 16];
const little32 = (value: number) => [...little16(value & 0xffff), ...little16(value >>> 16)];

/** What must not be found in anything that leaves. */
const SECRET = 'SECRET-GPS';
const secrets = fc.array(
  fc.integer({ min: 0, max: 20 }).map((n) => `${SECRET}${'x'.repeat(n)}`),
  { maxLength: 4 },
);
const side = fc.integer({ min: 1, max: 9_000 });

const segment = (marker: number, contents: readonly number[]) => [
  0xff,
  marker,
  ...big16(contents.length + 2),
  ...contents,
];
const exif = (orientation: number, said = '') => [
  ...latin('Exif\0\0MM\0*'),
  ...big32(8),
  ...big16(1),
  ...big16(0x0112),
  ...big16(3),
  ...big32(1),
  ...big16(orientation),
  0,
  0,
  ...big32(0),
  ...latin(said),
];
const frame = (width: number, height: number, marker = 0xc0) =>
  segment(marker, [8, ...big16(height), ...big16(width), 1, 1, 0x11, 0]);
const scan = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4];
const jpeg = (width: number, height: number, extra: readonly number[] = [], tail = ''): Bytes =>
  bytes(
    [0xff, 0xd8],
    segment(0xe0, latin('JFIF\0\x01\x01\0\0\x01\0\x01\0\0')),
    extra,
    frame(width, height),
    scan,
    [0xff, 0xd9],
    tail,
  );

describe('JPEG', () => {
  test('its size comes from its frame, its orientation wants a redraw', () => {
    expect(measureJpeg(jpeg(640, 480))).toMatchObject({ width: 640, height: 480, needsRedraw: false });
    expect(measureJpeg(jpeg(640, 480, segment(0xe1, exif(6))))?.needsRedraw).toBe(true);
    expect(measureJpeg(jpeg(640, 480, segment(0xe1, exif(1))))?.needsRedraw).toBe(false);
    expect(measureJpeg(jpeg(640, 480, segment(0xe2, latin('ICC_PROFILE\0\x01\x01'))))?.needsRedraw).toBe(
      true,
    );
  });

  test('a second frame that is larger counts: nobody smuggles a bomb behind a small one', () => {
    expect(measureJpeg(jpeg(8, 8, frame(60_000, 50_000)))).toMatchObject({ width: 60_000, height: 50_000 });
  });

  test('nothing said about it is left, wherever it stood; pixels stay', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom(0xe1, 0xe2, 0xed, 0xee, 0xe0, 0xfe, 0xf3),
        side,
        side,
        (said, marker, w, h) => {
          const extra = said.flatMap((text) => segment(marker, latin(text)));
          const stripped = whole(
            stripJpeg(jpeg(w, h, [...extra, ...segment(0xe1, exif(1, SECRET))], SECRET)),
          );
          expect(has(stripped, SECRET)).toBe(false);
          expect(stripped).toEqual(jpeg(w, h));
          expect(whole(stripJpeg(stripped))).toEqual(stripped);
        },
      ),
    );
  });

  test('several scans with tables between them stay', () => {
    const table = segment(0xc4, [0, 1, 2, 3]);
    const progressive = bytes(
      [0xff, 0xd8],
      frame(9, 9, 0xc2),
      scan,
      table,
      segment(0xfe, latin(SECRET)),
      scan,
      [0xff, 0xd9],
    );
    expect(whole(stripJpeg(progressive))).toEqual(
      bytes([0xff, 0xd8], frame(9, 9, 0xc2), scan, table, scan, [0xff, 0xd9]),
    );
  });

  test('Adobe’s word on colours stays, and no more than that', () => {
    const adobe = [...latin('Adobe'), 0, 100, 0, 0, 0, 0, 1];
    const stripped = whole(stripJpeg(jpeg(9, 9, segment(0xee, [...adobe, ...latin(SECRET)]))));
    expect(stripped).toEqual(jpeg(9, 9, segment(0xee, adobe)));
  });
});

const chunk = (name: string, contents: readonly number[]) => [
  ...big32(contents.length),
  ...latin(name),
  ...contents,
  ...big32(0),
];
const png = (width: number, height: number, extra: readonly number[] = [], colour = 2, tail = ''): Bytes =>
  bytes(
    [0x89],
    'PNG\r\n\x1a\n',
    chunk('IHDR', [...big32(width), ...big32(height), 8, colour, 0, 0, 0]),
    extra,
    chunk('IDAT', [1, 2, 3]),
    chunk('IEND', []),
    tail,
  );

describe('PNG', () => {
  test('size, see-through, movement, profile', () => {
    expect(measurePng(png(7, 5))).toEqual({
      width: 7,
      height: 5,
      isAnimated: false,
      hasAlpha: false,
      needsRedraw: false,
    });
    expect(measurePng(png(7, 5, [], 6))?.hasAlpha).toBe(true);
    expect(measurePng(png(7, 5, chunk('tRNS', [0])))?.hasAlpha).toBe(true);
    expect(measurePng(png(7, 5, chunk('acTL', [0])))?.isAnimated).toBe(true);
    expect(measurePng(png(7, 5, chunk('iCCP', [0])))?.needsRedraw).toBe(true);
  });

  test('texts, EXIF, times and what nobody knows are gone; pixels stay', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom('tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'iCCP', 'caBX'),
        (said, name) => {
          const extra = said.flatMap((text) => chunk(name, latin(text)));
          expect(whole(stripPng(png(3, 3, extra, 2, SECRET)))).toEqual(png(3, 3));
        },
      ),
    );
  });
});

const riffChunk = (name: string, contents: readonly number[]) => [
  ...latin(name),
  ...little32(contents.length),
  ...contents,
  ...(contents.length % 2 ? [0] : []),
];
const webp = (...chunks: readonly (readonly number[])[]): Bytes => {
  const inside = chunks.flat();
  return bytes('RIFF', little32(inside.length + 4), 'WEBP', inside);
};
const canvas = (flags: number, width: number, height: number) =>
  riffChunk('VP8X', [flags, 0, 0, 0, ...little24(width - 1), ...little24(height - 1)]);
const lossless = (width: number, height: number) =>
  riffChunk('VP8L', [0x2f, ...little32((width - 1) | ((height - 1) << 14)), 0, 0, 0, 0, 0]);

describe('WebP', () => {
  test('all three kinds tell their size', () => {
    expect(measureWebp(webp(lossless(300, 200)))).toMatchObject({ width: 300, height: 200 });
    const lossy = riffChunk('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, ...little16(320), ...little16(240)]);
    expect(measureWebp(webp(lossy))).toMatchObject({ width: 320, height: 240, hasAlpha: false });
    expect(measureWebp(webp(canvas(0x10, 5_000, 4_000), lossless(9, 9)))).toMatchObject({
      width: 5_000,
      height: 4_000,
      hasAlpha: true,
    });
  });

  test('EXIF, XMP and profile go with their flags, in frames too; frames stay', () => {
    const moving = (flags: number, extra: readonly number[], inner: readonly number[]) =>
      webp(
        canvas(flags, 9, 9),
        riffChunk('ANIM', [0, 0, 0, 0, 0, 0]),
        riffChunk('ANMF', [...Array<number>(16).fill(7), ...lossless(9, 9), ...inner]),
        extra,
      );
    fc.assert(
      fc.property(
        fc.constantFrom('EXIF', 'XMP ', 'ICCP', 'junk'),
        fc.integer({ min: 0, max: 3 }),
        (name, pad) => {
          const said = riffChunk(name, latin(SECRET + 'x'.repeat(pad)));
          const stripped = whole(stripWebp(moving(0x3e, said, said)));
          expect(stripped).toEqual(moving(0x12, [], []));
          expect(measureWebp(stripped)).toMatchObject({ isAnimated: true, needsRedraw: false });
        },
      ),
    );
  });
});

const subBlocks = (contents: readonly number[]) => [contents.length, ...contents, 0];
const image = (width: number, height: number) => [
  0x2c,
  0,
  0,
  0,
  0,
  ...little16(width),
  ...little16(height),
  0,
  2,
  ...subBlocks([0x44, 1]),
];
const gif = (blocks: readonly number[], tail = ''): Bytes =>
  bytes('GIF89a', little16(10), little16(8), [0x80, 0, 0], [0, 0, 0, 255, 255, 255], blocks, 0x3b, tail);

describe('GIF', () => {
  const control = [0x21, 0xf9, ...subBlocks([0, 10, 0, 0])];
  const loop = [0x21, 0xff, 11, ...latin('NETSCAPE2.0'), ...subBlocks([1, 0, 0])];

  test('frames are counted, and the largest one counts', () => {
    expect(measureGif(gif(image(10, 8)))).toMatchObject({ width: 10, height: 8, isAnimated: false });
    expect(measureGif(gif([...image(10, 8), ...image(40, 50)]))).toMatchObject({
      width: 40,
      height: 50,
      isAnimated: true,
    });
    expect(measureGif(gif([]))).toBeUndefined();
  });

  test('comments and foreign blocks are gone; frames, timing and loops stay', () => {
    const said = (label: number) => [0x21, label, ...subBlocks(latin(SECRET))];
    const foreign = [0x21, 0xff, 11, ...latin('XMP DataXMP'), ...subBlocks(latin(SECRET))];
    const stripped = whole(
      stripGif(gif([...said(0xfe), ...loop, ...foreign, ...control, ...image(9, 9), ...said(1)], SECRET)),
    );
    expect(stripped).toEqual(gif([...loop, ...control, ...image(9, 9)]));
  });
});

describe('HEIF', () => {
  const box = (name: string, contents: readonly number[]) => [
    ...big32(contents.length + 8),
    ...latin(name),
    ...contents,
  ];
  const ispe = (width: number, height: number) =>
    box('ispe', [0, 0, 0, 0, ...big32(width), ...big32(height)]);
  const heic = (...sizes: [number, number][]) =>
    bytes(
      box('ftyp', latin('heic')),
      box('meta', [
        0,
        0,
        0,
        0,
        ...box('hdlr', []),
        ...box(
          'iprp',
          box(
            'ipco',
            sizes.flatMap((size) => ispe(...size)),
          ),
        ),
      ]),
    );

  test('the largest size in it counts: tiles are smaller than the whole', () => {
    expect(measureHeif(heic([512, 512], [4_032, 3_024], [320, 240]))).toMatchObject({
      width: 4_032,
      height: 3_024,
    });
    expect(measureHeif(heic())).toBeUndefined();
  });
});

test('whatever the bytes are, nothing throws and nothing hangs', () => {
  const starts = [
    jpeg(9, 9),
    png(9, 9),
    webp(lossless(9, 9)),
    gif(image(9, 9)),
    bytes('GIF89a'),
    bytes([0xff, 0xd8, 0xff]),
  ];
  const spoilt = fc
    .tuple(
      fc.constantFrom(...starts),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
      fc.nat(200),
    )
    .map(([start, changes, cut]) => {
      const copy = start.slice(0, Math.max(4, start.length - (cut % start.length)));
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy;
    });
  const readers = [
    measureJpeg,
    measurePng,
    measureWebp,
    measureGif,
    measureHeif,
    stripJpeg,
    stripPng,
    stripWebp,
    stripGif,
  ];
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 300 })), (given) => {
      for (const read of readers) expect(() => read(given as Bytes)).not.toThrow();
    }),
    { numRuns: 400 },
  );
});
