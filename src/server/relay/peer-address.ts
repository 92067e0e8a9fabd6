/** Who is at the other end of a connection, and under which names this end may have been reached. */
import type { IncomingMessage } from 'node:http';

const isLoopback = (address: string): boolean => /^(::1|127\.|::ffff:127\.)/.test(address);

/** The peer's address; behind a proxy on this machine, what that proxy says. */
export const addressOf = (request: IncomingMessage): string => {
  const direct = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  return isLoopback(direct) && last ? last : direct;
};

/** This end's own addresses with the port; never the peer's own `Host` header, which a stranger writes. */
const ownHosts = (request: IncomingMessage): string[] => {
  const { localAddress = '', localPort = 0 } = request.socket;
  // A link-local address comes with its zone (`fe80::1%eth0`), which no URL may hold.
  const plain = localAddress.replace(/^::ffff:/, '').replace(/%.*$/, '');
  const own = plain.includes(':') ? `[${plain}]` : plain;
  const names = [...new Set([own, ...(isLoopback(localAddress) ? ['localhost', '127.0.0.1', '[::1]'] : [])])];
  const urls = names.map((name) => `http://${name}:${localPort}`).filter((url) => URL.canParse(url));
  return urls.map((url) => new URL(url).host);
};

/** Hosts under which this connection reached us (NIP-42). */
export const hostsOf = (request: IncomingMessage, publicUrl: URL): string[] => [
  publicUrl.host,
  ...ownHosts(request),
];

/** Absolute addresses of this very request (NIP-98's `u`), with its query. */
export const urlsOf = (request: IncomingMessage, publicUrl: URL): string[] =>
  [publicUrl.origin, ...ownHosts(request).map((host) => `http://${host}`)].map(
    (origin) => `${origin}${request.url ?? '/'}`,
  );
