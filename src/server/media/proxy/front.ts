/** Who may ask the proxy: pages of this very city, at a person's pace. */
import type { IncomingMessage } from 'node:http';
import { hostsOf } from '../../relay/peer-address.ts';

const isOwnOrigin = (origin: string, hosts: readonly string[]): boolean =>
  URL.canParse(origin) && hosts.includes(new URL(origin).host);

/**
 * True for a request that a page of this city makes: browsers say so themselves (`Sec-Fetch-Site`), older ones by `Origin`. Somebody's
 * own program may claim anything; what it can get is bounded by its pace.
 */
export const isOwnPage = (request: IncomingMessage, publicUrl: URL): boolean => {
  const site = request.headers['sec-fetch-site'];
  if (typeof site === 'string') return site === 'same-origin';
  const { origin } = request.headers;
  return origin !== undefined && isOwnOrigin(origin, hostsOf(request, publicUrl));
};

/** True for a request for bytes that no other site's page makes; a person may open one in a tab of its own. */
export const isNotForeign = (request: IncomingMessage): boolean => {
  const site = request.headers['sec-fetch-site'];
  return typeof site !== 'string' || site === 'same-origin' || site === 'none';
};
