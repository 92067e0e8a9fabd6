/** Foreign addresses through the city, which signs each before it fetches it: a stranger's server never sees who looks. */
import { isRecord } from '#shared/json.ts';
import { ownPath } from '../proxy/own-path.ts';
import type { Proxied } from './fetching.ts';

const addressIn = (value: unknown): string | undefined =>
  isRecord(value) ? ownPath(value['address']) : undefined;

/** Asks the city to sign; undefined for each where it is silent or will not. */
export const proxiedByCity =
  (ask: typeof fetch): Proxied =>
  async (items) => {
    try {
      const wanted = items.map(({ url, width }) => ({ url, ...(width === undefined ? {} : { width }) }));
      const response = await ask('/api/media/sign', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items: wanted }),
      });
      const answer: unknown = response.ok ? await response.json() : undefined;
      const list = isRecord(answer) && Array.isArray(answer['items']) ? (answer['items'] as unknown[]) : [];
      return items.map((_item, at) => addressIn(list[at]));
    } catch {
      return items.map(() => undefined);
    }
  };
