/** Bringing a file from where it lies already (BUD-04): only from the public internet, so large, so long. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { HOUR } from '#shared/time.ts';
import { bareType, isOpenType, OPEN_MAX, SEALED_BYTES_MAX } from '#protocol/media/types.ts';
import type { GuardedFetch } from '../fetching/guarded-fetch.ts';
import { BodyCut } from '../fetching/paced-body.ts';
import { gather } from './gather.ts';
import type { Gathered } from './gather.ts';

/** A large file over a slow line. */
const WITHIN_MS = HOUR * 1000;

/** What was brought, and the type that its server said where that tells anything. */
export type Brought = Gathered & { readonly type: string | undefined };

/** Somebody else's failure is told as such. */
const originFailed = ({ code, message }: Failure): Result<never, Failure> =>
  code === 'too-large' ? fail('too-large', message) : fail('origin', message);

/** Fetches a file into a folder. Whoever asked removes it. Fails with `origin` where the other side does not give it. */
export const bringFile = async (
  fetching: GuardedFetch,
  url: string,
  folder: string,
): Promise<Result<Brought, Failure>> => {
  const fetched = await fetching.get(url, { limit: SEALED_BYTES_MAX, withinMs: WITHIN_MS });
  if (!fetched.ok) return originFailed(fetched.error);
  const { body, length, cancel } = fetched.value;
  const said = bareType(fetched.value.type);
  const type = isOpenType(said) ? said : undefined;
  const most = type === undefined ? SEALED_BYTES_MAX : OPEN_MAX;
  const gathered = await gather(body, { folder, most, expected: length });
  if (gathered.ok) return ok({ ...gathered.value, type });
  cancel();
  const { code, message, cause } = gathered.error;
  if (cause instanceof BodyCut) return originFailed(cause);
  return code === 'cut' ? fail('origin', message) : gathered;
};
