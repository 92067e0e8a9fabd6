/** Asks the city what lies behind an address that somebody writes; the page itself is never asked from here. */
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { previewWords } from '#protocol/media/previews.ts';
import type { LinkPreview } from '#protocol/media/previews.ts';
import type { PreparedFile } from '../media.ts';

/** A page as the city saw it; its picture lies nowhere yet. */
export interface SeenPage extends Pick<LinkPreview, 'url' | 'title' | 'description' | 'site'> {
  readonly picture?: PreparedFile;
}

/** `nothing`: there is nothing to show; `unreachable`: the city is silent, or busy: another time. */
export type AskFailure = Failure<'nothing' | 'unreachable'>;

export interface AskOptions {
  /** Whether its picture is wanted too. */
  readonly picture: boolean;
  readonly signal: AbortSignal;
}

const MOST_SIDE = 480;
const MOST_TEXT = 600_000;
const AGAIN: readonly number[] = [429, 500, 502, 503, 504];

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
};

const parsePicture = (value: unknown): PreparedFile | undefined => {
  if (!isRecord(value)) return undefined;
  const { type, width, height, blurhash, bytes } = value;
  if (type !== 'image/webp' || typeof bytes !== 'string' || bytes.length > MOST_TEXT) return undefined;
  const isSide = (side: unknown): side is number => Number.isInteger(side) && Number(side) > 0;
  if (!isSide(width) || !isSide(height) || width > MOST_SIDE) return undefined;
  const body = bytesOf(bytes);
  if (!body) return undefined;
  return {
    body: new Blob([body], { type }),
    ...{ type, width, height, name: 'preview.webp' },
    ...(typeof blurhash === 'string' ? { blurhash } : {}),
  };
};

const parsePage = (value: unknown, url: string): SeenPage | undefined => {
  if (!isRecord(value)) return undefined;
  const text = (name: string): string => (typeof value[name] === 'string' ? value[name] : '');
  const words = previewWords({
    title: text('title'),
    description: text('description'),
    site: text('site'),
  });
  const picture = parsePicture(value['picture']);
  return words && { url, ...words, ...(picture ? { picture } : {}) };
};

/** One question to the city. Never throws. */
export const askPreview =
  (ask: typeof fetch) =>
  async (url: string, { picture, signal }: AskOptions): Promise<Result<SeenPage, AskFailure>> => {
    try {
      const response = await ask('/api/preview', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url, picture }),
        signal,
      });
      if (AGAIN.includes(response.status)) return fail('unreachable', 'The city could not look just now.');
      const page = response.ok ? parsePage(await response.json(), url) : undefined;
      return page ? ok(page) : fail('nothing', 'There is nothing to show.');
    } catch (cause) {
      return fail('unreachable', 'The city could not be reached.', cause);
    }
  };
