/** One port for everything: HTTP to the router, the upgrade of `/` to the relay. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export type PortFailure = Failure<'port'>;

/** Who takes WebSocket upgrades. */
interface UpgradeDoor {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
}

export interface ListenOptions {
  readonly config: { readonly port: number; readonly host: string };
  readonly router: (request: IncomingMessage, response: ServerResponse) => void;
  readonly door: UpgradeDoor;
  /** Runs already and is somebody else's: only its upgrades are taken. */
  readonly server?: Server;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** The relay's upgrade: path `/`, and not Vite's own socket. */
const isForRelay = (request: IncomingMessage): boolean =>
  (request.url ?? '/').split('?', 1)[0] === '/' &&
  !(request.headers['sec-websocket-protocol'] ?? '').startsWith('vite-');

/** Two gigabytes over a slow line; who only drips is cut by the door that reads (media/intake/pace.ts, body.ts). */
const WHOLE_REQUEST_MS = 12 * 3_600_000;

const sentenceOf = (cause: NodeJS.ErrnoException, port: number, host: string): string => {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `Port ${port} is already in use; choose another with PORT.`;
    case 'EACCES':
      return `Port ${port} needs more rights than this account has; choose another with PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine; choose another HOST.`;
    default:
      return `The server cannot listen on ${host}:${port}: ${cause.message}`;
  }
};

const bind = (server: Server, port: number, host: string): Promise<Result<number, PortFailure>> =>
  new Promise((resolve) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      resolve(fail('port', sentenceOf(cause, port, host), cause)),
    );
    server.listen(port, host, () => resolve(ok((server.address() as AddressInfo).port)));
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });

/** Says at once when the port cannot be had, before a database is opened for nothing. */
export const checkPort = async (port: number, host: string): Promise<Result<true, PortFailure>> => {
  const probe = createServer();
  const bound = await bind(probe, port, host);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return bound.ok ? ok(true) : bound;
};

/** Listens on the configured port (0: any free one); fails with `port` and one sentence. */
export const listen = async ({
  config,
  router,
  door,
  server: foreign,
}: ListenOptions): Promise<Result<Listening, PortFailure>> => {
  const server =
    foreign ??
    createServer({ requestTimeout: WHOLE_REQUEST_MS }, (request, response) => router(request, response));
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (isForRelay(request)) door.upgrade(request, socket, head);
    else if (!foreign) socket.destroy();
  };
  server.on('upgrade', upgrade);
  const bound = foreign ? ok(config.port) : await bind(server, config.port, config.host);
  if (!bound.ok) return bound;
  return ok({
    port: bound.value,
    close: async () => {
      server.off('upgrade', upgrade);
      await door.stop();
      if (!foreign) await close(server);
    },
  });
};
