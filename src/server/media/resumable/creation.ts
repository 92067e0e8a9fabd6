/** Reading what the maker of a resumable upload says of it: its length, its type, its end. */
import type { IncomingMessage } from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { bareType, isOpenType, SEALED_TYPE } from '#protocol/media/types.ts';
import { parseEnd } from '../doors/headers.ts';
import { tooLarge } from '../intake/gather.ts';
import { mostBytes } from '../intake/intake.ts';

/** What is to come. */
export interface Creation {
  readonly size: number;
  readonly type: string;
  /** Unix seconds. */
  readonly expires?: number;
}

type CreationFailure = Failure<'request' | 'length' | 'too-large' | 'type'>;

/** tus' metadata: names with base64 values, with commas. */
const parseMetadata = (header: string): ReadonlyMap<string, string> =>
  new Map(
    header
      .split(',')
      .map((pair) => pair.trim().split(' '))
      .map(([name = '', value = '']) => [name, Buffer.from(value, 'base64').toString('utf8')]),
  );

const metadataOf = (request: IncomingMessage): ReadonlyMap<string, string> => {
  const header = request.headers['upload-metadata'];
  return parseMetadata(typeof header === 'string' ? header : '');
};

/** What the metadata of an upload says; its values may have come from anybody. */
export const parseWanted = (
  metadata: ReadonlyMap<string, string>,
  now: number,
): Result<Omit<Creation, 'size'>, CreationFailure> => {
  const type = metadata.get('sealed') === '1' ? SEALED_TYPE : bareType(metadata.get('type') ?? '');
  if (type !== SEALED_TYPE && !isOpenType(type))
    return fail('type', 'only pictures, sound, videos and PDF are kept open');
  const expires = parseEnd(metadata.get('expires'), now);
  if (!expires.ok) return expires;
  return ok({ type, ...(expires.value === undefined ? {} : { expires: expires.value }) });
};

/** Reads the headers of a creation. */
export const parseCreation = (request: IncomingMessage, now: number): Result<Creation, CreationFailure> => {
  const length = request.headers['upload-length'];
  if (typeof length !== 'string') return fail('length', 'say Upload-Length');
  if (!/^\d{1,15}$/.test(length) || Number(length) === 0)
    return fail('request', 'Upload-Length is a number of bytes');
  const wanted = parseWanted(metadataOf(request), now);
  if (!wanted.ok) return wanted;
  const size = Number(length);
  const most = mostBytes(wanted.value.type);
  return size > most ? tooLarge(most) : ok({ size, ...wanted.value });
};
