/** The media proxy, wired: what is fetched, kept, made small and given out. */
import { join } from 'node:path';
import type { Clock } from '#shared/time.ts';
import type { CityKey } from '../../city-key.ts';
import type { StreamHandler } from '../../http/router.ts';
import type { Log } from '../../telemetry/log.ts';
import { GuardedFetch } from '../fetching/guarded-fetch.ts';
import type { FetchRules } from '../fetching/guarded-fetch.ts';
import { DiskCache } from '../keeping/disk-cache.ts';
import { Thumbs } from '../thumbs/thumbs.ts';
import { ProxyDoor, PROXY_RATES } from './door.ts';
import type { ProxyRates } from './door.ts';
import { Loader } from './loader.ts';

/** What tests hand in; no setting can. */
export interface ProxyOptions extends FetchRules {
  readonly rates?: ProxyRates;
}

export interface ProxySurroundings {
  readonly key: CityKey;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicUrl: () => URL;
  readonly dataDir: string;
  /** Most bytes kept on the disk. */
  readonly most: number;
  readonly options?: ProxyOptions;
}

export interface MediaProxy {
  readonly handle: StreamHandler;
  /** Asks strangers' servers, for whoever else needs it. */
  readonly fetch: GuardedFetch;
  /** What lies elsewhere, kept for a while. */
  readonly loader: Loader;
  /** Makes pictures small; the city's own files' too. */
  readonly thumbs: Thumbs;
}

/** Nothing is read or written before the first request. */
export const openProxy = ({ key, dataDir, most, options = {}, ...rest }: ProxySurroundings): MediaProxy => {
  const { rates = PROXY_RATES, ...rules } = options;
  const cache = new DiskCache({ folder: join(dataDir, 'proxy'), most });
  const fetch = new GuardedFetch(rules);
  const thumbs = new Thumbs(cache);
  const loader = new Loader({ fetch, cache });
  const door = new ProxyDoor({
    ...rest,
    secret: key.secretFor('media proxy addresses'),
    loader,
    thumbs,
    otherPorts: rules.loopbackPorts ?? new Set(),
    rates,
  });
  return { handle: door.handle, fetch, loader, thumbs };
};
