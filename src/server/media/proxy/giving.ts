/** How the proxy gives bytes out: from memory, from the disk (whole or a part), or as they come. */
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Kept } from '../keeping/disk-cache.ts';
import { servingHeaders } from '../sniffing/serving.ts';
import type { Passing } from './loader.ts';

/** A reader who takes nothing for so long has gone. */
const IDLE_MS = 60_000;
const FOR_A_DAY = 'private, max-age=86400';

/** Headers of every answer with bytes: only this city's pages may show them, and nothing in them acts. */
const headersOf = (type: string): Record<string, string> => ({
  ...servingHeaders(type),
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': FOR_A_DAY,
});

/** A part of so many bytes: first and last; undefined where the words are none that we read, or ask beyond the end. */
export const partOf = (
  range: string,
  size: number,
): { readonly start: number; readonly end: number } | undefined => {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end && start < size ? { start, end } : undefined;
};

const isHead = (response: ServerResponse): boolean => response.req.method === 'HEAD';

/** Gives bytes in memory. */
export const giveBytes = (response: ServerResponse, type: string, bytes: Buffer): void => {
  response.writeHead(200, { ...headersOf(type), 'accept-ranges': 'bytes', 'content-length': bytes.length });
  response.end(isHead(response) ? undefined : bytes);
};

/** Gives a kept file, or the part of it that is asked for. */
export const giveKept = async (
  request: IncomingMessage,
  response: ServerResponse,
  kept: Kept,
): Promise<void> => {
  const { range } = request.headers;
  const part = range === undefined ? undefined : partOf(range, kept.size);
  const headers = { ...headersOf(kept.type), 'accept-ranges': 'bytes' };
  if (part)
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${part.start}-${part.end}/${kept.size}`,
      'content-length': part.end - part.start + 1,
    });
  else response.writeHead(200, { ...headers, 'content-length': kept.size });
  if (isHead(response)) return void response.end();
  await pipeline(createReadStream(kept.path, part ?? {}), response);
};

const CONTENT_RANGE = /^bytes (?:\d{1,15}-\d{1,15})\/(?:\d{1,15}|\*)$/;

/** Gives what passes by, at the pace of its reader. */
export const givePassing = async (response: ServerResponse, passing: Passing): Promise<void> => {
  const { status, type, length, contentRange, body, end } = passing;
  response.setTimeout(IDLE_MS, () => response.destroy());
  response.once('close', end);
  response.writeHead(status, {
    ...headersOf(type),
    ...(length === undefined ? {} : { 'content-length': length }),
    ...(contentRange !== undefined && CONTENT_RANGE.test(contentRange)
      ? { 'content-range': contentRange }
      : {}),
    'accept-ranges': 'bytes',
  });
  try {
    if (isHead(response)) response.end();
    else await pipeline(body, response);
  } finally {
    end();
  }
};
