/** Who may read the numbers: nobody unless the operator says so, since a proxy on this machine brings the whole world to loopback. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Answer } from './answer.ts';

/** Undefined: nobody; `open`: whoever reaches the port; a token: who brings it as `Authorization: Bearer`. */
export type MetricsDoor = 'open' | { readonly token: string } | undefined;

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const brings = (authorization: string | undefined, token: string): boolean => {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digestOf(given), digestOf(token));
};

/** The refusal of one who may not read the numbers; undefined for one who may. */
export const refuseMetrics = (door: MetricsDoor, authorization: string | undefined): Answer | undefined => {
  const type = 'text/plain; charset=utf-8';
  if (door === undefined) return { status: 404, type, body: 'There is nothing here.\n' };
  if (door === 'open' || brings(authorization, door.token)) return undefined;
  return {
    status: 401,
    type,
    body: 'The numbers need a token.\n',
    headers: { 'www-authenticate': 'Bearer' },
  };
};
