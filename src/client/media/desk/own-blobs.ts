/** What of a person's own lies in the city: seeing it and taking it back (BUD-02). */
import { parseDescriptor } from '#protocol/media/blossom.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';
import { displayLine } from '#shared/text.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { BlobsFailure } from '../media.ts';
import type { Fetch } from '../sending/fetch-stack.ts';
import { signToken } from '../sealing/tokens.ts';
import type { Sign } from '../sealing/tokens.ts';

export interface OwnBlobsPorts {
  readonly fetch: Fetch;
  readonly sign: Sign;
  readonly server: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Milliseconds. */
const PATIENCE = 20_000;

type Asked = { readonly verb: 'list' } | { readonly verb: 'delete'; readonly hashes: readonly string[] };

/** The newest first. */
export const listOwn = async (
  ports: OwnBlobsPorts,
  person: string,
): Promise<Result<readonly BlobDescriptor[], BlobsFailure>> => {
  const answered = await ask(ports, { verb: 'list' }, 'GET', `/list/${person}`);
  if (!answered.ok) return answered;
  const json: unknown = await answered.value.json().catch(() => undefined);
  if (!Array.isArray(json)) return fail('unreachable', 'The city did not answer as expected.');
  const blobs = json.flatMap((one: unknown) => {
    const parsed = parseDescriptor(one);
    return parsed.ok ? [parsed.value] : [];
  });
  return ok(blobs.sort((a, b) => b.uploaded - a.uploaded));
};

/** It is gone once nobody else has it there; one that is gone already is no failure. */
export const removeOwn = async (
  ports: OwnBlobsPorts,
  hash: string,
): Promise<Result<undefined, BlobsFailure>> => {
  const answered = await ask(ports, { verb: 'delete', hashes: [hash] }, 'DELETE', `/${hash}`);
  return answered.ok ? ok(undefined) : answered;
};

const ask = async (
  { fetch, sign, server, now }: OwnBlobsPorts,
  asked: Asked,
  method: string,
  path: string,
): Promise<Result<Response, BlobsFailure>> => {
  const token = await signToken(sign, server, asked, now() / 1000);
  if (!token.ok) return token;
  try {
    const response = await fetch(new URL(path, server).href, {
      method,
      headers: { authorization: token.value.header },
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isGone = method === 'DELETE' && (response.status === 404 || response.status === 410);
    if (response.ok || isGone) return ok(response);
    const words = displayLine(response.headers.get('x-reason') ?? '', 300);
    return fail('rejected', words || `The city said no (${response.status}).`);
  } catch (cause) {
    return fail('unreachable', 'The city did not answer.', cause);
  }
};
