/** Small pictures of the city's own files, by their hash. */
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Failure, Result } from '#shared/result.ts';
import { THUMB_TYPE, THUMB_WIDTHS } from './thumbs.ts';
import type { Thumbs } from './thumbs.ts';

/** Larger files are not read into memory for a small picture. */
const MOST = 50_000_000;

interface Own {
  readonly hash: string;
  readonly type: string;
  readonly size: number;
}
interface Small {
  readonly type: string;
  readonly body: Buffer;
}

/** The small picture of a file; undefined where there is none, and the file itself is given instead. Throws on I/O. */
export const thumbOfOwn =
  (thumbs: Thumbs) =>
  async (
    { hash, type, size }: Own,
    width: number,
    open: () => Promise<Result<Readable, Failure>>,
  ): Promise<Small | undefined> => {
    if (!THUMB_WIDTHS.includes(width) || !type.startsWith('image/') || size > MOST) return undefined;
    const kept = await thumbs.kept(hash, width);
    if (kept) return { type: kept.type, body: await readFile(kept.path) };
    const opened = await open();
    if (!opened.ok) return undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.value) pieces.push(piece as Uint8Array);
    const thumb = await thumbs.of(hash, width, { from: Buffer.concat(pieces), type });
    if (!thumb.ok) return undefined;
    return 'bytes' in thumb.value
      ? { type: THUMB_TYPE, body: thumb.value.bytes }
      : { type: THUMB_TYPE, body: await readFile(thumb.value.kept.path) };
  };
