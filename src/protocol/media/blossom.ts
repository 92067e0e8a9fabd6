/** Blossom: blobs on servers, found by their SHA-256 (BUD-01, 02, 08), and who may do what with them (BUD-11). */
import { base64, base64urlnopad } from '@scure/base';
import { isHex64 } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { hasValidId, parseEvent } from '../event.ts';
import type { Draft, NostrEvent, Tag, Verifier } from '../event.ts';
import * as kinds from '../kinds.ts';
import { tagValue, tagValues } from '../tags.ts';
import { extensionOf } from './types.ts';

/** What a signed token allows (BUD-11). */
export type BlobVerb = 'get' | 'upload' | 'list' | 'delete' | 'media';

/** What a server says of a blob that it holds (BUD-02, 08). Times in Unix seconds. */
export interface BlobDescriptor {
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  readonly uploaded: number;
  /** When it will be gone; absent: never, as far as the server knows. */
  readonly expires?: number;
  readonly nip94?: readonly Tag[];
}

export interface BlobAuth {
  readonly verb: BlobVerb;
  /** What the person is asked to sign, in their words. */
  readonly reason: string;
  /** Blobs that it is for; none: it is for no certain blob (`list`, `get`). */
  readonly hashes?: readonly string[];
  /** Domains that it is for; none: every server, which nothing of ours signs. */
  readonly servers?: readonly string[];
  /** Unix seconds. */
  readonly expiration: number;
}

/** Kind 24242 (BUD-11). */
export const makeBlobAuth = ({ verb, reason, hashes = [], servers = [], expiration }: BlobAuth): Draft => ({
  kind: kinds.BLOB_AUTH,
  content: reason,
  tags: [
    ['t', verb],
    ['expiration', String(expiration)],
    ...hashes.map((hash): Tag => ['x', hash]),
    ...servers.map((server): Tag => ['server', server]),
  ],
});

const SCHEME = 'Nostr ';
const MAX_HEADER = 16 * 1024;

/** The value of the `Authorization` header that carries a signed token. */
export const encodeBlobAuth = (event: NostrEvent): string =>
  SCHEME + base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(event)));

const textOf = (encoded: string): string | undefined => {
  // Older clients write base64 with its padding, BUD-11 asks for base64url without.
  for (const coder of [base64urlnopad, base64])
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(coder.decode(encoded));
    } catch {
      continue;
    }
  return undefined;
};

export type BlobAuthFailure = Failure<'auth'>;

/** Reads an `Authorization` header; nothing of it is checked here. Fails with `auth`. */
export const parseBlobAuth = (header: string | undefined): Result<NostrEvent, BlobAuthFailure> => {
  if (header === undefined) return fail('auth', 'sign the request with your key (BUD-11)');
  if (header.length > MAX_HEADER || !/^nostr /i.test(header))
    return fail('auth', 'the Authorization header is not one of BUD-11');
  const text = textOf(header.slice(SCHEME.length).trim());
  const json = text === undefined ? undefined : parseJson(text, 4);
  if (!json?.ok) return fail('auth', 'the Authorization header does not carry an event');
  const event = parseEvent(json.value);
  return event.ok ? event : fail('auth', event.error.message);
};

export interface ExpectedAuth {
  readonly verb: BlobVerb;
  /** The blob in question, where the token must name it. */
  readonly hash?: string;
  /** This server's domain, lower case, without port. */
  readonly server: string;
  /** Unix seconds. */
  readonly now: number;
}

/** How far a token's maker's clock may be ahead, in seconds. */
const CLOCK_SLACK = 60;

/** Everything BUD-11 asks, the signature last: kind, times, verb, server, blob, id. Gives the key. Fails with `auth` and a sentence. */
export const checkBlobAuth = (
  event: NostrEvent,
  { verb, hash, server, now }: ExpectedAuth,
  verifier: Verifier,
): Result<string, BlobAuthFailure> => {
  if (event.kind !== kinds.BLOB_AUTH) return fail('auth', `the event has kind ${kinds.BLOB_AUTH}`);
  if (event.created_at > now + CLOCK_SLACK)
    return fail('auth', 'the event is of the future; check your clock');
  const expiration = Number(tagValue(event, 'expiration'));
  if (!Number.isSafeInteger(expiration)) return fail('auth', 'the event has an expiration');
  if (expiration <= now) return fail('auth', 'the event has expired');
  const verbs = tagValues(event, 't');
  if (verbs.length !== 1 || verbs[0] !== verb) return fail('auth', `the event is not for ${verb}`);
  const servers = tagValues(event, 'server');
  if (servers.length > 0 && !servers.includes(server)) return fail('auth', 'the event is for another server');
  if (hash !== undefined && !tagValues(event, 'x').includes(hash))
    return fail('auth', 'the event is for another file');
  if (!hasValidId(event)) return fail('auth', 'the id is not the hash of the event');
  return verifier.verify(event) ? ok(event.pubkey) : fail('auth', 'the signature does not hold');
};

/** The address of a blob on a server: `<origin>/<sha256>.<extension>`. */
export const blobUrl = (origin: string, hash: string, type: string): string =>
  `${origin.replace(/\/+$/, '')}/${hash}.${extensionOf(type)}`;

/** `/<sha256>` or `/<sha256>.<extension>`, also under the seed's `/.well-known/nostr/pubkey/`; undefined for every other path. */
export const parseBlobPath = (path: string): { hash: string; extension?: string } | undefined => {
  const found = /^\/(?:\.well-known\/nostr\/pubkey\/)?([0-9a-f]{64})(?:\.([a-z0-9]{1,10}))?$/i.exec(path);
  const hash = found?.[1]?.toLowerCase();
  if (hash === undefined) return undefined;
  return found?.[2] === undefined ? { hash } : { hash, extension: found[2].toLowerCase() };
};

/** The hash that an address names: the last 64 hex digits of its path (BUD-03), or of a `blossom:` or `sha256:` one. */
export const hashInUrl = (url: string): string | undefined => {
  const path = /^(?:blossom:|sha256:(?:\/\/)?)/i.test(url)
    ? url
    : URL.canParse(url)
      ? new URL(url).pathname
      : '';
  return path
    .toLowerCase()
    .match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)
    ?.at(-1);
};

/** Reads what a server answers to an upload, a mirroring, or in a list. */
export const parseDescriptor = (value: unknown): Result<BlobDescriptor, Failure<'descriptor'>> => {
  if (!isRecord(value)) return fail('descriptor', 'not a description of a file');
  const { url, sha256, size, type, uploaded, expires } = value;
  if (typeof url !== 'string' || !URL.canParse(url) || !isHex64(sha256))
    return fail('descriptor', 'the description names no file');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    return fail('descriptor', 'the description has no size');
  return ok({
    url,
    sha256,
    size,
    type: typeof type === 'string' ? type : 'application/octet-stream',
    uploaded: typeof uploaded === 'number' ? uploaded : 0,
    ...(typeof expires === 'number' ? { expires } : {}),
  });
};
