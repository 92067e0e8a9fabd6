import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskCache } from '../keeping/disk-cache.ts';
import { Thumbs } from './thumbs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'city-thumbs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Thumbs => new Thumbs(new DiskCache({ folder, most: 10_000_000 }));
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: { r: 30, g: 160, b: 90, alpha: 0.5 } } });

const sizeOf = async (thumbs: Thumbs, from: Uint8Array | string, type: string, width = 160) => {
  const thumb = await thumbs.of('it', width, { from, type });
  if (!thumb.ok) return thumb.error.code;
  const {
    format,
    width: wide,
    height,
    pages = 1,
  } = await sharp('kept' in thumb.value ? thumb.value.kept.path : thumb.value.bytes).metadata();
  return [format, wide, height, pages];
};

test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
  '%s becomes a small WebP, from bytes or a file',
  async (format) => {
    const bytes = await picture(400, 300).toFormat(format).toBuffer();
    expect(await sizeOf(open(), bytes, `image/${format}`)).toEqual(['webp', 160, 120, 1]);
    const file = join(folder, 'original');
    await sharp(bytes).toFormat(format).toFile(file);
    expect(await sizeOf(open(), file, `image/${format}`, 320)).toEqual(['webp', 320, 240, 1]);
  },
);

test('a small one is not blown up, a strip stays a strip, a moving one shows its first moment', async () => {
  const small = await picture(40, 30).png().toBuffer();
  expect(await sizeOf(open(), small, 'image/png')).toEqual(['webp', 40, 30, 1]);
  await rm(folder, { recursive: true });
  expect(await sizeOf(open(), await picture(100, 2000).png().toBuffer(), 'image/png')).toEqual([
    'webp',
    24,
    480,
    1,
  ]);
  await rm(folder, { recursive: true });
  const frames = await Promise.all(
    [picture(200, 100), picture(200, 100)].map((frame) => frame.png().toBuffer()),
  );
  const moving = await sharp(frames, { join: { animated: true } })
    .gif({ loop: 0 })
    .toBuffer();
  expect((await sharp(moving, { animated: true }).metadata()).pages ?? 1).toBeGreaterThan(0);
  expect(await sizeOf(open(), moving, 'image/gif')).toEqual(['webp', 160, 80, 1]);
});

test('drawings, bombs, broken ones and what isn’t what it is said to be have none', async () => {
  const drawing = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  );
  const bomb = await sharp({
    create: { width: 9000, height: 9000, channels: 3, background: 'white' },
    limitInputPixels: false,
  })
    .png()
    .toBuffer();
  const whole = await picture(400, 300).flatten().jpeg().toBuffer();
  for (const [bytes, type] of [
    [drawing, 'image/svg+xml'],
    [drawing, 'image/png'],
    [bomb, 'image/png'],
    [whole.subarray(0, 500), 'image/jpeg'],
    [whole, 'video/mp4'],
    [Buffer.alloc(0), 'image/png'],
  ] as const)
    expect(await sizeOf(open(), bytes, type)).toBe('type');
});

test('made once however many ask, kept, and gone when forgotten', async () => {
  const thumbs = open();
  const source = { from: await picture(400, 300).png().toBuffer(), type: 'image/png' };
  const all = await Promise.all(Array.from({ length: 20 }, () => thumbs.of('it', 160, source)));
  const made = new Set(all.map((each) => (each.ok && 'bytes' in each.value ? each.value.bytes : undefined)));
  expect(made.size).toBe(1);
  expect(await thumbs.kept('it', 160)).toMatchObject({ type: 'image/webp' });
  expect(await thumbs.kept('it', 320)).toBeUndefined();
  await thumbs.forget('it');
  expect(await thumbs.kept('it', 160)).toBeUndefined();
});
