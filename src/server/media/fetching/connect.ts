/** One request to an address that was judged already: the connection goes where the guard says, and is looked at once more. */
import * as http from 'node:http';
import * as https from 'node:https';
import { ForbiddenAddress } from '../../outbound/guard.ts';
import type { AddressGuard } from '../../outbound/guard.ts';

export interface ConnectOptions {
  readonly method: 'GET' | 'PUT' | 'OPTIONS';
  readonly headers: http.OutgoingHttpHeaders;
  readonly body?: string;
  readonly guard: AddressGuard;
  readonly signal: AbortSignal;
}

/** The answer's head, its body still to come. Rejects with `ForbiddenAddress` or what the connection throws. */
export const connect = (
  url: URL,
  { method, headers, body, guard, signal }: ConnectOptions,
): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      ...{ method, headers, signal },
      agent: false,
      lookup: guard.lookup,
    });
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        if (!guard.allows((socket.remoteAddress ?? '').replace(/^::ffff:/, '')))
          request.destroy(new ForbiddenAddress());
      }),
    );
    request.on('response', resolve).on('error', reject);
    request.end(body);
  });
