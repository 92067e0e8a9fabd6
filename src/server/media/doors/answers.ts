/** What every door of files answers alike: to any origin, with a reason for people and a code for programs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure } from '#shared/result.ts';

/** Blossom is asked from pages of any origin. */
const CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
  'cross-origin-resource-policy': 'cross-origin',
};

const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-headers': 'Authorization, *',
  'access-control-allow-methods': 'GET, HEAD, PUT, DELETE, OPTIONS',
  'access-control-max-age': '86400',
};

/** Sets what goes with every answer. */
export const allowAll = (response: ServerResponse): void => {
  for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value);
};

const STATUS: Readonly<Record<string, number>> = {
  request: 400,
  auth: 401,
  banned: 403,
  removed: 403,
  foreign: 403,
  forbidden: 403,
  missing: 404,
  'too-slow': 408,
  cut: 408,
  hash: 409,
  incomplete: 409,
  gone: 410,
  length: 411,
  'too-large': 413,
  type: 415,
  picture: 422,
  'rate-limited': 429,
  quota: 429,
  origin: 502,
  away: 503,
  busy: 503,
  full: 507,
  'city-full': 507,
};

const statusOf = (code: string): number => STATUS[code] ?? 500;

/** How much of a refused body is still read, so that its sender hears the answer rather than a broken connection. */
const DRAIN_BYTES = 8 * 1024 * 1024;
const DRAIN_MS = 3000;

const drain = (request: IncomingMessage, response: ServerResponse): void => {
  let read = 0;
  const end = (): void => void request.socket.destroy();
  request.on('data', (chunk: Buffer) => {
    if ((read += chunk.length) > DRAIN_BYTES) end();
  });
  request.on('error', () => undefined);
  const timer = setTimeout(end, DRAIN_MS).unref();
  response.once('close', () => clearTimeout(timer));
};

/** An answer in JSON. */
export const giveJson = (
  request: IncomingMessage,
  response: ServerResponse,
  value: unknown,
  status = 200,
): void => {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

/** A refusal; a body that is still coming is read a little and then cut. */
export const refuse = (
  request: IncomingMessage,
  response: ServerResponse,
  { code, message }: Pick<Failure, 'code' | 'message'>,
): void => {
  if (response.headersSent || response.destroyed) return void response.destroy();
  allowAll(response);
  response.setHeader('x-reason', message.replace(/[^\x20-\x7e]/g, '?'));
  if (code === 'auth') response.setHeader('www-authenticate', 'Nostr');
  if (!request.complete) {
    response.setHeader('connection', 'close');
    drain(request, response);
  }
  giveJson(request, response, { error: code, message }, statusOf(code));
};

/** The answer to a browser that asks what it may ask. */
export const givePreflight = (response: ServerResponse): void => {
  allowAll(response);
  response.writeHead(204, PREFLIGHT).end();
};
