/** The server's own paths; everything else is the app's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { refuseMetrics } from './metrics-door.ts';
import type { MetricsDoor } from './metrics-door.ts';

/** An app's request handler (adapter-node's, or Vite's in development). */
export type AppHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface RouterPorts {
  /** NIP-11's document. */
  readonly information: () => unknown;
  readonly metricsDoor: MetricsDoor;
  /** The numbers as Prometheus reads them. */
  readonly metrics: () => Promise<string>;
  /** Names of the parts that do not answer. */
  readonly away: () => Promise<readonly string[]>;
  /** A room's own paths (`/api/push`, NIP-05's); undefined: not one of them. */
  readonly api: ApiHandler;
  /** Rooms that write their answers themselves (files); false: none of their paths. */
  readonly streams?: StreamHandler;
  readonly app?: AppHandler;
}

/** Answers a request by itself, or says that the path is none of its own. Never throws. */
export type StreamHandler = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

/** Answers the paths of one room. */
type ApiHandler = (request: IncomingMessage, path: string) => Promise<Answer> | undefined;

const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'geolocation=(self), camera=(self), microphone=(self)',
  'cross-origin-opener-policy': 'same-origin',
};

const anyOrigin: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
};

const json = (value: unknown, status = 200): Answer => jsonAnswer(value, { status, headers: anyOrigin });

const wantsInformation = (request: IncomingMessage): boolean =>
  (request.headers.accept ?? '').includes('application/nostr+json');

const health = async ({ away }: RouterPorts): Promise<Answer> => {
  const missing = await away();
  if (missing.length === 0) return json({ status: 'ok' });
  const answer = { status: `no answer from: ${missing.join(', ')}`, away: missing };
  // Without Redis a city still does everything, a second later: who balances must not take all its processes away for that.
  return json(answer, missing.includes('database') ? 503 : 200);
};

const metrics = async (request: IncomingMessage, ports: RouterPorts): Promise<Answer> =>
  refuseMetrics(ports.metricsDoor, request.headers.authorization) ?? {
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: await ports.metrics(),
  };

const ownAnswer = (
  request: IncomingMessage,
  path: string,
  ports: RouterPorts,
): Promise<Answer> | Answer | undefined => {
  if (path === '/' && request.method === 'OPTIONS')
    return { status: 204, type: 'text/plain', body: '', headers: anyOrigin };
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  switch (path) {
    case '/':
      return wantsInformation(request)
        ? { ...json(ports.information()), type: 'application/nostr+json' }
        : undefined;
    case '/health':
      return health(ports);
    case '/metrics':
      return metrics(request, ports);
    default:
      return undefined;
  }
};

const give = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    vary: 'accept',
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
};

const notFound: Answer = { status: 404, type: 'text/plain; charset=utf-8', body: 'There is nothing here.\n' };

/** Answers own paths, then the app, then whoever is `next` (Vite in development). */
export type Router = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

/** The request listener. */
export const makeRouter =
  (ports: RouterPorts): Router =>
  (request, response, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (ports.streams?.(request, response, path)) return;
    const own = ports.api(request, path) ?? ownAnswer(request, path, ports);
    if (own)
      void Promise.resolve(own).then(
        (answer) => give(request, response, answer),
        () => give(request, response, { ...notFound, status: 500, body: 'Something went wrong.\n' }),
      );
    else if (ports.app) ports.app(request, response, () => give(request, response, notFound));
    else if (next) next();
    else give(request, response, notFound);
  };
