/** What hangs on a line: files by their addresses and hashes (NIP-92 `imeta`, NIP-94 kind 1063). */
import { isHex64 } from '#shared/bytes.ts';
import { displayLine, displayText } from '#shared/text.ts';
import type { Draft, NostrEvent, Tag } from '../event.ts';
import * as kinds from '../kinds.ts';
import { hashInUrl } from './blossom.ts';
import { bareType, SEALED_TYPE, typeOfName } from './types.ts';
import { parseWaveform } from './waveforms.ts';

/** Alternative text is at most this many characters. */
export const ALT_MAX = 1_000;
/** A line carries at most this many files. */
export const ATTACHMENTS_MAX = 20;
const NAME_MAX = 255;

/** A file that everybody who has the line may read. */
export interface Attachment {
  readonly url: string;
  /** SHA-256 of the bytes at the address; absent where a foreign line does not tell. */
  readonly hash?: string;
  readonly type: string;
  /** Bytes. */
  readonly size?: number;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly blurhash?: string;
  /** Of a sound: how loud it is along its length, 0–100. */
  readonly waveform?: readonly number[];
  /** Address of a small picture of it. */
  readonly thumb?: string;
  readonly alt?: string;
  /** The file's name at its sender. */
  readonly name?: string;
  /** The same bytes elsewhere. */
  readonly fallback?: readonly string[];
}

const round = (value: number): string => String(Math.round(value * 1000) / 1000);

const fieldsOf = (file: Attachment): Tag[] => [
  ['url', file.url],
  ['m', file.type],
  ...(file.hash === undefined ? [] : [['x', file.hash]]),
  ...(file.size === undefined ? [] : [['size', String(file.size)]]),
  ...(file.width === undefined || file.height === undefined ? [] : [['dim', `${file.width}x${file.height}`]]),
  ...(file.duration === undefined ? [] : [['duration', round(file.duration)]]),
  ...(file.blurhash === undefined ? [] : [['blurhash', file.blurhash]]),
  ...(file.waveform === undefined ? [] : [['waveform', file.waveform.join(' ')]]),
  ...(file.thumb === undefined ? [] : [['thumb', file.thumb]]),
  ...(file.alt === undefined ? [] : [['alt', file.alt]]),
  ...(file.name === undefined ? [] : [['name', file.name]]),
  ...(file.fallback ?? []).map((url): Tag => ['fallback', url]),
];

/** NIP-92: one tag a file. */
export const makeImeta = (file: Attachment): Tag => [
  'imeta',
  ...fieldsOf(file).map(([name = '', value = '']) => `${name} ${value}`),
];

const httpUrl = (text: string | undefined): string | undefined =>
  text !== undefined && text.length <= 2_048 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? text
    : undefined;

const positive = (text: string | undefined, max: number): number | undefined => {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(value) && value > 0 && value <= max
    ? value
    : undefined;
};

const SIDE_MAX = 100_000;
const dimensions = (text: string | undefined): { width: number; height: number } | undefined => {
  const [, wide, high] = /^(\d{1,6})x(\d{1,6})$/.exec(text ?? '') ?? [];
  const [width, height] = [positive(wide, SIDE_MAX), positive(high, SIDE_MAX)];
  return width && height ? { width, height } : undefined;
};

const blurhashPattern = /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{6,100}$/;

/** A name that can be shown and saved: one line, no folders. */
const safeName = (text: string): string =>
  displayLine(text.replace(/[/\\]/g, '_'), NAME_MAX).replace(/^\.+/, '');

type Fields = ReadonlyMap<string, readonly string[]>;

const words = (fields: Fields): Pick<Attachment, 'alt' | 'name'> => {
  const alt = Array.from(displayText(fields.get('alt')?.[0] ?? ''))
    .slice(0, ALT_MAX)
    .join('');
  const name = safeName(fields.get('name')?.[0] ?? '');
  return { ...(alt ? { alt } : {}), ...(name ? { name } : {}) };
};

const shape = (fields: Fields): Partial<Attachment> => {
  const one = (name: string) => fields.get(name)?.[0];
  const size = positive(one('size'), Number.MAX_SAFE_INTEGER);
  const duration = positive(one('duration'), 31_536_000);
  const blurhash = one('blurhash');
  const waveform = parseWaveform(one('waveform'));
  return {
    ...(size !== undefined && Number.isInteger(size) ? { size } : {}),
    ...dimensions(one('dim')),
    ...(duration === undefined ? {} : { duration }),
    ...(waveform === undefined ? {} : { waveform }),
    ...(blurhash !== undefined && blurhashPattern.test(blurhash) ? { blurhash } : {}),
  };
};

const parseFields = (fields: Fields): Attachment | undefined => {
  const one = (name: string) => fields.get(name)?.[0];
  const url = httpUrl(one('url'));
  if (url === undefined) return undefined;
  const stated = one('x')?.toLowerCase();
  const hash = isHex64(stated) ? stated : hashInUrl(url);
  const type = bareType(one('m') ?? '') || (typeOfName(new URL(url).pathname) ?? SEALED_TYPE);
  const thumb = httpUrl(one('thumb'));
  const fallback = (fields.get('fallback') ?? []).flatMap((text) => httpUrl(text) ?? []).slice(0, 5);
  return {
    url,
    ...(hash === undefined ? {} : { hash }),
    type,
    ...shape(fields),
    ...(thumb === undefined ? {} : { thumb }),
    ...words(fields),
    ...(fallback.length > 0 ? { fallback } : {}),
  };
};

const gather = (pairs: Iterable<readonly [string, string]>): Fields => {
  const fields = new Map<string, string[]>();
  for (const [name, value] of pairs) fields.set(name, [...(fields.get(name) ?? []), value]);
  return fields;
};

/** Reads an `imeta` tag; undefined where it names no web address. */
export const parseImeta = (tag: Tag): Attachment | undefined =>
  parseFields(
    gather(
      tag.slice(1).map((field): [string, string] => {
        const at = field.indexOf(' ');
        return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
      }),
    ),
  );

/** The files of a line, in their order, each address once; what cannot be read is left out. */
export const parseAttachments = (event: Pick<NostrEvent, 'tags'>): Attachment[] => {
  const found = new Map<string, Attachment>();
  for (const tag of event.tags) {
    const file = tag[0] === 'imeta' ? parseImeta(tag) : undefined;
    if (file && !found.has(file.url) && found.size < ATTACHMENTS_MAX) found.set(file.url, file);
  }
  return [...found.values()];
};

/** A line's words and, below them, the addresses of its files: other clients show what stands in the content (NIP-92). */
export const contentWithFiles = (text: string, files: readonly Pick<Attachment, 'url'>[]): string =>
  [text, ...files.map(({ url }) => url)].filter((part) => part !== '').join('\n');

/** A line's words without the addresses that are shown as files. */
export const contentWithoutFiles = (content: string, files: readonly Pick<Attachment, 'url'>[]): string => {
  if (files.length === 0) return content;
  const urls = new Set(files.map(({ url }) => url));
  return content
    .split('\n')
    .map((line) =>
      line
        .split(' ')
        .filter((word) => !urls.has(word))
        .join(' '),
    )
    .filter((line, at, all) => line.trim() !== '' || all[at] === content.split('\n')[at])
    .join('\n')
    .trim();
};

/** Kind 1063 (NIP-94): a file with words about it; `group`: the place it is shown in. */
export const makeFileMetadata = (
  file: Attachment,
  { about = '', group }: { about?: string; group?: string } = {},
): Draft => ({
  kind: kinds.FILE_METADATA,
  content: about,
  tags: [...(group === undefined ? [] : [['h', group]]), ...fieldsOf(file)],
});

/** Reads a kind 1063; undefined for anything that names no file. */
export const parseFileMetadata = (event: Pick<NostrEvent, 'kind' | 'tags'>): Attachment | undefined =>
  event.kind === kinds.FILE_METADATA
    ? parseFields(gather(event.tags.map(([name = '', value = '']): [string, string] => [name, value])))
    : undefined;
