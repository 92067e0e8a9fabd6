/** Reading a request's body from a stranger: so much, so long, no more. */
import type { IncomingMessage } from 'node:http';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export type BodyFailure = Failure<'too-large' | 'too-slow'>;

/** The whole body, up to `limit` bytes and within `withinMs`; one who hangs up half-way was too slow. */
export const readBody = (
  request: IncomingMessage,
  { limit, withinMs }: { readonly limit: number; readonly withinMs: number },
): Promise<Result<Buffer, BodyFailure>> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (result: Result<Buffer, BodyFailure>): void => {
      clearTimeout(patience);
      request.off('data', take).off('end', done).off('error', gone).off('close', gone);
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) return end(fail('too-large', `a body has at most ${limit} bytes`));
      chunks.push(chunk);
    };
    const done = (): void => end(ok(Buffer.concat(chunks)));
    const gone = (): void => end(fail('too-slow', 'the body did not come in time'));
    const patience = setTimeout(gone, withinMs);
    if (Number(request.headers['content-length'] ?? 0) > limit)
      return end(fail('too-large', `a body has at most ${limit} bytes`));
    request.on('data', take).once('end', done).once('error', gone).once('close', gone);
  });
