/** A file between people (NIP-17 kind 15): sealed on a server, its key in the rumor. */
import { base64 } from '@scure/base';
import { bytesToHex, isHex64, parseHex } from '#shared/bytes.ts';
import type { Draft, NostrEvent, Tag } from '../event.ts';
import * as kinds from '../kinds.ts';
import { tagValue } from '../tags.ts';
import { parseAttachments, makeImeta } from './attachments.ts';
import type { Attachment } from './attachments.ts';
import { hashInUrl } from './blossom.ts';
import { SEALED_TYPE } from './types.ts';
import type { FileKey, SealAlgorithm } from './sealing.ts';

/** A sealed file as its people see it. `hash` and `url` are of the sealed bytes, `size` and `type` of the plain ones. */
export interface SealedFile extends Omit<Attachment, 'thumb' | 'hash' | 'size'> {
  readonly hash: string;
  /** Plain bytes. */
  readonly size?: number;
  /** SHA-256 of the plain bytes, where the sender tells. */
  readonly plainHash?: string;
  readonly key: FileKey;
  /** A small picture, sealed with a key of its own. */
  readonly thumb?: { readonly url: string; readonly hash: string; readonly key: FileKey };
  /** Unix seconds when the server will have deleted it. */
  readonly expires?: number;
}

const ALGORITHMS: readonly SealAlgorithm[] = ['aes-gcm', 'aes-gcm-stream'];

const keyTags = ({ algorithm, key, nonce }: FileKey): Tag[] => [
  ['encryption-algorithm', algorithm],
  ['decryption-key', bytesToHex(key)],
  ['decryption-nonce', bytesToHex(nonce)],
];

const thumbTags = (thumb: SealedFile['thumb']): Tag[] =>
  thumb === undefined
    ? []
    : [
        [
          'thumb',
          thumb.url,
          thumb.hash,
          thumb.key.algorithm,
          bytesToHex(thumb.key.key),
          bytesToHex(thumb.key.nonce),
        ],
      ];

/** The rumor's draft; `to` are the people it is for. */
export const makeSealedFile = (file: SealedFile, to: readonly string[]): Draft => {
  const { key, thumb, plainHash, expires, hash, size, ...open } = file;
  const [, ...fields] = makeImeta({ ...open, hash });
  const tags = fields.flatMap((field): Tag[] => {
    const at = field.indexOf(' ');
    const name = field.slice(0, at);
    return name === 'url' || name === 'm' ? [] : [[name, field.slice(at + 1)]];
  });
  return {
    kind: kinds.DIRECT_FILE,
    content: file.url,
    tags: [
      ...to.map((person): Tag => ['p', person]),
      ['file-type', file.type],
      ...keyTags(key),
      ...tags,
      ...(size === undefined ? [] : [['size', String(size)]]),
      ...(plainHash === undefined ? [] : [['ox', plainHash]]),
      ...thumbTags(thumb),
      ...(expires === undefined ? [] : [['file-expiration', String(expires)]]),
    ],
  };
};

/** Hex as NIP-17 shows it, or base64 as some clients write. */
const parseBytes = (text: string | undefined): Uint8Array<ArrayBuffer> | undefined => {
  if (text === undefined || text.length > 128) return undefined;
  const hex = parseHex(text.toLowerCase());
  if (hex.ok) return hex.value;
  try {
    return new Uint8Array(base64.decode(text));
  } catch {
    return undefined;
  }
};

const parseKey = (algorithm?: string, keyText?: string, nonceText?: string): FileKey | undefined => {
  const known = ALGORITHMS.find((name) => name === algorithm);
  const [key, nonce] = [parseBytes(keyText), parseBytes(nonceText)];
  if (!known || key?.length !== 32 || !nonce) return undefined;
  const fits = known === 'aes-gcm-stream' ? nonce.length === 7 : nonce.length >= 12 && nonce.length <= 16;
  return fits ? { algorithm: known, key, nonce } : undefined;
};

const parseThumb = (tag: Tag | undefined): SealedFile['thumb'] => {
  const [, url, hash, algorithm, keyText, nonce] = tag ?? [];
  const key = parseKey(algorithm, keyText, nonce);
  return url !== undefined && URL.canParse(url) && /^https?:/.test(url) && isHex64(hash) && key
    ? { url, hash, key }
    : undefined;
};

/** Reads a kind 15 rumor; undefined where no file could be had with what it says. */
export const parseSealedFile = (
  rumor: Pick<NostrEvent, 'kind' | 'tags' | 'content'>,
): SealedFile | undefined => {
  if (rumor.kind !== kinds.DIRECT_FILE) return undefined;
  const url = rumor.content.trim();
  const key = parseKey(
    tagValue(rumor, 'encryption-algorithm'),
    tagValue(rumor, 'decryption-key'),
    tagValue(rumor, 'decryption-nonce'),
  );
  const fields = rumor.tags
    .filter(([name]) => !['url', 'm', 'thumb', 'p'].includes(name ?? ''))
    .map(([name = '', value = '']) => `${name} ${value}`);
  const type = tagValue(rumor, 'file-type') ?? SEALED_TYPE;
  const [open] = parseAttachments({ tags: [['imeta', `url ${url}`, `m ${type}`, ...fields]] });
  const hash = open?.hash ?? hashInUrl(url);
  if (!open || !key || hash === undefined) return undefined;
  const plainHash = tagValue(rumor, 'ox');
  const thumb = parseThumb(rumor.tags.find(([name]) => name === 'thumb'));
  const expires = Number(tagValue(rumor, 'file-expiration'));
  const { thumb: _addressOnly, ...shown } = open;
  return {
    ...shown,
    hash,
    key,
    ...(isHex64(plainHash) ? { plainHash } : {}),
    ...(thumb === undefined ? {} : { thumb }),
    ...(Number.isSafeInteger(expires) && expires > 0 ? { expires } : {}),
  };
};
