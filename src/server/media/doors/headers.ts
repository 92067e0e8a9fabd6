/** Reading what requests to the doors of files say of themselves. */
import type { IncomingMessage } from 'node:http';
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { YEAR } from '#shared/time.ts';
import { bareType } from '#protocol/media/types.ts';
import type { Page } from '../book/book.ts';

type RequestFailure = Failure<'request'>;

/** What a request says of the file that it brings or will bring (BUD-02, 06). */
export interface Called {
  readonly hash?: string;
  readonly size?: number;
  readonly type?: string;
}

const headerOf = (request: IncomingMessage, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = request.headers[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
};

/** `X-SHA-256`, length and type. */
export const parseCalled = (request: IncomingMessage): Result<Called, RequestFailure> => {
  const hash = headerOf(request, 'x-sha-256')?.toLowerCase();
  if (hash !== undefined && !isHex64(hash)) return fail('request', 'X-SHA-256 is 64 hex digits');
  const length = headerOf(request, 'x-content-length', 'content-length');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return fail('request', 'the length is a number');
  const type = headerOf(request, 'x-content-type', 'content-type');
  return ok({
    ...(hash === undefined ? {} : { hash }),
    ...(length === undefined ? {} : { size: Number(length) }),
    ...(type === undefined ? {} : { type: bareType(type) }),
  });
};

/** Unix seconds at which a file shall go, as text; undefined where nothing is said. */
export const parseEnd = (
  text: string | undefined,
  now: number,
): Result<number | undefined, RequestFailure> => {
  if (text === undefined || text === '') return ok(undefined);
  const end = Number(text);
  return /^\d{1,12}$/.test(text) && end > now && end < now + 100 * YEAR
    ? ok(end)
    : fail('request', 'the expiration is a time to come, in Unix seconds');
};

/** `X-Expiration`. */
export const parseExpiration = (
  request: IncomingMessage,
  now: number,
): Result<number | undefined, RequestFailure> => parseEnd(headerOf(request, 'x-expiration'), now);

const PAGE_MOST = 1000;
const PAGE = 500;

/** The query of a list (BUD-12). */
export const parsePage = (request: IncomingMessage, now: number): Result<Page, RequestFailure> => {
  const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
  const cursor = query.get('cursor') ?? undefined;
  if (cursor !== undefined && !isHex64(cursor)) return fail('request', 'a cursor is 64 hex digits');
  const numbers = { limit: PAGE, since: 0, until: now + YEAR };
  for (const name of ['limit', 'since', 'until'] as const) {
    const text = query.get(name);
    if (text === null) continue;
    if (!/^\d{1,12}$/.test(text)) return fail('request', `${name} is a number`);
    numbers[name] = Number(text);
  }
  const limit = Math.max(1, Math.min(PAGE_MOST, numbers.limit));
  return ok({ ...numbers, limit, now, ...(cursor === undefined ? {} : { cursor }) });
};

/** A body's JSON; undefined where it is none. */
export const parseText = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** The address in a request to mirror (BUD-04). */
export const parseMirror = (body: Buffer): Result<string, RequestFailure> => {
  const value = parseText(body);
  const url = isRecord(value) ? value['url'] : undefined;
  return typeof url === 'string' && url.length <= 2000 && URL.canParse(url) && /^https?:/i.test(url)
    ? ok(url)
    : fail('request', 'the body is { "url": "https://…" }');
};
