/**
 * Small WebP pictures of large ones, made once and kept. sharp works in threads of its own and is loaded with the first picture.
 * A moving picture shows its first moment; the original is a tap away.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { bareType } from '#protocol/media/types.ts';
import type { DiskCache, Kept } from '../keeping/disk-cache.ts';
import { Lanes } from '../keeping/lanes.ts';

/** Widths in pixels that are made; every other is refused, so that nobody fills the disk with widths. */
export const THUMB_WIDTHS: readonly number[] = [160, 320, 640, 1280];
export const THUMB_TYPE = 'image/webp';

export type ThumbFailure = Failure<'type' | 'busy'>;
/** What a thumbnail is made of: bytes, or the path of a file, and its type. */
export interface ThumbSource {
  readonly from: Uint8Array | string;
  readonly type: string;
}
export type Thumb = { readonly bytes: Buffer } | { readonly kept: Kept };

/** Asked of the head, before anything is unpacked: a bomb of more pixels stays packed. */
const MOST_PIXELS = 64_000_000;
/** A strip of a picture stays a strip; nothing is higher than so many times its width. */
const MOST_HEIGHT = 3;
const SECONDS = 10;
const QUALITY = 76;
const DRAWN = /^image\/(?:jpeg|png|apng|webp|gif|avif)$/;
const LOADERS = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadNsgif',
  'VipsForeignLoadHeif',
];

const loadSharp = async () => {
  const { default: sharp } = await import('sharp');
  // Of the many formats that the library reads, only those that are sniffed before.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  sharp.cache(false);
  return sharp;
};

export class Thumbs {
  #cache: DiskCache;
  #lanes = new Lanes({ total: 2, perParty: 2, waiting: 200 });
  #flights = new Map<string, Promise<Result<Buffer, ThumbFailure>>>();
  #sharp: ReturnType<typeof loadSharp> | undefined;

  constructor(cache: DiskCache) {
    this.#cache = cache;
  }

  /** What is kept already of a thing's name (its address, its hash). */
  kept(name: string, width: number): Promise<Kept | undefined> {
    return this.#cache.get(`thumb ${width} ${name}`);
  }

  /**
   * The thumbnail, kept or made. Fails with `type` for what is no picture, is broken or has too many pixels, with `busy` when too
   * many wait.
   */
  async of(name: string, width: number, source: ThumbSource): Promise<Result<Thumb, ThumbFailure>> {
    const kept = await this.kept(name, width);
    if (kept) return ok({ kept });
    const key = `${width} ${name}`;
    const flight =
      this.#flights.get(key) ?? this.#make(name, width, source).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    const made = await flight;
    return made.ok ? ok({ bytes: made.value }) : made;
  }

  /** Lets go of all that is kept of a thing. */
  async forget(name: string): Promise<void> {
    for (const width of THUMB_WIDTHS) await this.#cache.forget(`thumb ${width} ${name}`);
  }

  async #make(
    name: string,
    width: number,
    { from, type }: ThumbSource,
  ): Promise<Result<Buffer, ThumbFailure>> {
    if (!DRAWN.test(bareType(type))) return fail('type', 'there is no small picture of this');
    const leave = await this.#lanes.enter();
    if (!leave) return fail('busy', 'too many pictures at once; try again');
    try {
      const bytes = await this.#draw(from, width);
      await this.#cache.put(`thumb ${width} ${name}`, THUMB_TYPE, bytes);
      return ok(bytes);
    } catch (cause) {
      return fail('type', 'the picture is broken or far too large', cause);
    } finally {
      leave();
    }
  }

  async #draw(from: Uint8Array | string, width: number): Promise<Buffer> {
    const sharp = await (this.#sharp ??= loadSharp());
    return sharp(from, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .resize({ width, height: width * MOST_HEIGHT, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY, effort: 3 })
      .timeout({ seconds: SECONDS })
      .toBuffer();
  }
}
