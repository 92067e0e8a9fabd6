/** The loader of files, with its worker started by the first of them. */
import * as Comlink from 'comlink';
import type { City } from '#client/city/city.ts';
import { currentVersion, listKey, listsTable } from '#client/city/lists-table.ts';
import { MediaLoader } from '#client/media/loading/loader.ts';
import type { LoadRemote } from '#client/media/loading/remote.ts';
import type { ProfileKeys } from '#client/store/profiles/profile-keys.ts';
import { MEDIA_SERVERS } from '#protocol/kinds.ts';
import { parseMediaServers } from '#protocol/media/servers.ts';

/** Where somebody keeps their files, as far as the city knows (kind 10063). */
const serversOf =
  (city: Pick<City, 'fetch' | 'get'>) =>
  async (author: string): Promise<readonly string[]> => {
    const read = async () => currentVersion(await city.get(listsTable, listKey(author, MEDIA_SERVERS)));
    let list = await read();
    if (!list) {
      await city.fetch({ filters: [{ kinds: [MEDIA_SERVERS], authors: [author], limit: 1 }] });
      list = await read();
    }
    return list ? parseMediaServers(list) : [];
  };

/** `keys`: what opens the profile's own folder of seen files; `bound`: bytes that it may take. */
export const makeLoader = (
  spawn: () => Worker,
  city: Pick<City, 'fetch' | 'get'>,
  keys: ProfileKeys,
  bound: () => number,
): MediaLoader =>
  new MediaLoader({
    remote: async () => {
      const remote = Comlink.wrap<LoadRemote>(spawn());
      await remote.open(keys, bound());
      return remote;
    },
    serversOf: serversOf(city),
  });
