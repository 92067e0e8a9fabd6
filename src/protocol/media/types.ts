/** Types of files: which may stand open on a server, and what their addresses end in. */

/** Most bytes of a file that everybody may read. */
export const OPEN_MAX = 50_000_000;
/** Most bytes of a file as its sender sees it, before it is sealed. */
export const SEALED_MAX = 2_147_483_648;
/** The same as it is sent: each of its chunks of a mebibyte is 16 bytes longer. */
export const SEALED_BYTES_MAX = SEALED_MAX + (SEALED_MAX / 1_048_576) * 16;
/** What a sealed file is to its server. */
export const SEALED_TYPE = 'application/octet-stream';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/heic': 'heic',
  'image/svg+xml': 'svg',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'video/x-matroska': 'mkv',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/webm': 'weba',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/aac': 'aac',
  'application/pdf': 'pdf',
};

/** What an address of such a file ends in, without the dot; `bin` for anything unknown. */
export const extensionOf = (type: string): string => EXTENSIONS[bareType(type)] ?? 'bin';

/** The type of a file with such a name; undefined where the name does not tell. */
export const typeOfName = (name: string): string | undefined => {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === 'jpeg') return 'image/jpeg';
  return Object.entries(EXTENSIONS).find(([, known]) => known === extension)?.[0];
};

/** A MIME type without its parameters, in lower case. */
export const bareType = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase();

/** What somebody can look at or listen to; everything else is a file with a name. */
export type MediaForm = 'picture' | 'video' | 'audio' | 'document' | 'file';

export const formOf = (type: string): MediaForm => {
  const bare = bareType(type);
  if (bare === 'image/svg+xml') return 'file';
  if (bare.startsWith('image/')) return 'picture';
  if (bare.startsWith('video/')) return 'video';
  if (bare.startsWith('audio/')) return 'audio';
  return bare === 'application/pdf' ? 'document' : 'file';
};

/** True for types that may stand open: pictures, sound, moving pictures, PDF. */
export const isOpenType = (type: string): boolean =>
  /^(image|audio|video)\/[\w.+-]+$|^application\/pdf$/.test(bareType(type));
