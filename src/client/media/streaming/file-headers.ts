/** What an address of a file answers with: never as anything that runs, never kept, and by a name that does not deceive. */
import { bareType, extensionOf, SEALED_TYPE } from '#protocol/media/types.ts';
import type { ByteRange } from '#shared/byte-range.ts';
import { displayLine } from '#shared/text.ts';
import type { OfferedFile } from './offer.ts';

/** What can be played or looked at and runs nothing. Anything else is bytes. */
const SAFE =
  /^(video\/(mp4|webm|quicktime|x-matroska|ogg)|audio\/(mpeg|mp4|x-m4a|ogg|webm|wav|x-wav|flac|aac)|image\/(jpeg|png|webp|gif|avif)|application\/pdf)$/;

const NAME_MAX = 120;

/** The type that the browser is told. */
export const safeType = (type: string): string => {
  const bare = bareType(type);
  return SAFE.test(bare) ? bare : SEALED_TYPE;
};

// What some file system takes for something else than a letter of a name.
const meaningful = /["*/:<>?\\|]/g;

/** A name for the person's folder: one line, no folders, nothing that turns it round, its ending kept. */
export const safeFileName = (name: string, type: string): string => {
  const clean = displayLine(name.replace(meaningful, '_'), 1_000).replace(/^[.\s]+|[.\s]+$/g, '');
  const [, stem = '', ending = ''] = /^(.*?)(\.[^.]{1,10})?$/su.exec(clean) ?? [];
  if (stem === '') return `file.${extensionOf(type)}`;
  return `${Array.from(stem).slice(0, NAME_MAX).join('').trim()}${ending}`;
};

const encode = (name: string): string =>
  encodeURIComponent(name.replace(/\p{Cs}/gu, '_')).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** RFC 6266: a plain name for those that read no other, and the true one. */
export const dispositionOf = (name: string, type: string): string => {
  const safe = safeFileName(name, type);
  const plain = safe.replace(/[^\x20-\x7e]/g, '_').replace(/[%;]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encode(safe)}`;
};

/** Headers of an answer with a part of a file, or the whole of it. */
export const fileHeaders = (
  { type, name, size, use }: Pick<OfferedFile, 'type' | 'name' | 'size' | 'use'>,
  range: ByteRange | undefined,
): Record<string, string> => ({
  'content-type': safeType(type),
  'content-length': String(range ? range.end - range.start + 1 : size),
  ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${size}` } : {}),
  ...(use === 'save' ? { 'content-disposition': dispositionOf(name, type) } : { 'accept-ranges': 'bytes' }),
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
});
