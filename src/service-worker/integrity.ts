/** What the app's own files must be, byte for byte (Subresource Integrity): a poisoned cache or a wrong file is never run. */
import type { addPlugins } from 'workbox-precaching';

type WorkboxPlugin = Parameters<typeof addPlugins>[0][number];

/** Paths of the app's files with `sha384-<base64>` of their bodies. */
export type Integrities = Readonly<Record<string, string>>;

/** What the check needs of the machine. */
export interface CheckPorts {
  readonly caches: Pick<CacheStorage, 'open'>;
  readonly fetch: typeof fetch;
}

const ALGORITHM = 'sha384-';

/** The body's own name: `sha384-<base64>`. Reads the response to its end. */
export const integrityOf = async (response: Response): Promise<string> => {
  const hash = await crypto.subtle.digest('SHA-384', await response.arrayBuffer());
  return `${ALGORITHM}${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
};

/**
 * A Workbox plugin: what a cache holds is compared when it is served first in the worker's life, what the network brings
 * without a check of its own always. A cached body that differs is thrown away and fetched anew; where that fails too, nothing
 * is served.
 */
export const checkBodies = (integrities: Integrities, ports: CheckPorts): WorkboxPlugin => {
  const known = new Set<string>();
  const wanted = (request: Request): string | undefined => integrities[new URL(request.url).pathname];

  /** The true file from the network, kept in the poisoned one's stead. */
  const renew = async (cache: Cache, request: Request, integrity: string): Promise<Response | null> => {
    const { origin, pathname } = new URL(request.url);
    try {
      const fresh = await ports.fetch(`${origin}${pathname}`, {
        integrity,
        cache: 'reload',
        credentials: 'same-origin',
      });
      if (!fresh.ok || (await integrityOf(fresh.clone())) !== integrity) return null;
      await cache.put(request, fresh.clone());
      return fresh;
    } catch {
      return null;
    }
  };

  return {
    cachedResponseWillBeUsed: async ({ cachedResponse, request, cacheName }) => {
      const integrity = wanted(request);
      if (!cachedResponse || integrity === undefined || known.has(request.url)) return cachedResponse;
      const cache = await ports.caches.open(cacheName);
      // A twin is read, not a clone of what is served: a cloned response has lost the compiled form that the browser keeps with it.
      const twin = await cache.match(request);
      const isTrue = twin !== undefined && (await integrityOf(twin)) === integrity;
      if (isTrue) {
        known.add(request.url);
        return cachedResponse;
      }
      await cache.delete(request);
      return renew(cache, request, integrity);
    },
    fetchDidSucceed: async ({ request, response }) => {
      const integrity = wanted(request);
      const isUnchecked = integrity !== undefined && request.integrity === '' && response.ok;
      if (isUnchecked && (await integrityOf(response.clone())) !== integrity)
        throw new TypeError(`${new URL(request.url).pathname} is not the file that belongs to this version`);
      return response;
    },
  };
};
