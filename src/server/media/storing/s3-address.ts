/** Reading S3_URL: `https://key:secret@host[:port]/bucket[/prefix]?region=…&style=path|host`. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export interface S3Address {
  /** Without the account. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Before every name in the bucket; empty or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  readonly key: string;
  readonly secret: string;
  /** The bucket in the path, not in the host's name. */
  readonly pathStyle: boolean;
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** Fails with half a sentence (`must …`) that holds neither key nor secret. */
export const parseS3Url = (text: string): Result<S3Address, Failure<'s3'>> => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    return fail('s3', 'must be an address like https://key:secret@host/bucket?region=…');
  const [key, secret] = [decode(url.username), decode(url.password)];
  if (!key || !secret) return fail('s3', 'must hold the key and the secret: https://key:secret@host/bucket');
  const [bucket = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
  if (!/^[a-z0-9][a-z0-9._-]{1,62}$/i.test(bucket))
    return fail('s3', 'must name a bucket: https://key:secret@host/bucket');
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'region' && name !== 'style');
  if (unknown !== undefined) return fail('s3', 'may only add ?region=… and &style=path or host');
  const style = url.searchParams.get('style') ?? 'path';
  if (style !== 'path' && style !== 'host') return fail('s3', 'must have style=path or style=host');
  return ok({
    endpoint: `${url.protocol}//${url.host}`,
    bucket,
    prefix: rest.length > 0 ? `${rest.join('/')}/` : '',
    region: url.searchParams.get('region') ?? 'us-east-1',
    key,
    secret,
    pathStyle: style === 'path',
  });
};
