/** What a city wants signed before it does something with files (BUD-11). */
import { encodeBlobAuth, makeBlobAuth } from '#protocol/media/blossom.ts';
import type { BlobVerb } from '#protocol/media/blossom.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { m } from '#messages/paraglide/messages.js';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { DAY, MINUTE } from '#shared/time.ts';

/** Signs for the person; its time is set by whoever signs. */
export type Sign = (draft: Draft) => Promise<Result<NostrEvent, Failure<'no-account' | 'refused'>>>;

/** A value of the `Authorization` header and until when it holds (Unix seconds). */
export interface Token {
  readonly header: string;
  readonly until: number;
}

/** An upload may wait for its network so long; anything else is done at once. */
const UPLOAD = 7 * DAY;
const AT_ONCE = 5 * MINUTE;

const reasons: Readonly<Record<'upload' | 'list' | 'delete', () => string>> = {
  upload: () => m.media_send_sign_upload(),
  list: () => m.media_send_sign_list(),
  delete: () => m.media_send_sign_delete(),
};

/** A signed token for one server. `now`: Unix seconds. */
export const signToken = async (
  sign: Sign,
  server: string,
  {
    verb,
    hashes = [],
  }: { readonly verb: BlobVerb & keyof typeof reasons; readonly hashes?: readonly string[] },
  now: number,
): Promise<Result<Token, Failure<'no-account' | 'refused'>>> => {
  const until = Math.floor(now) + (verb === 'upload' ? UPLOAD : AT_ONCE);
  const domain = new URL(server).hostname;
  const signed = await sign(
    makeBlobAuth({ verb, reason: reasons[verb](), hashes, servers: [domain], expiration: until }),
  );
  return signed.ok ? ok({ header: encodeBlobAuth(signed.value), until }) : signed;
};
