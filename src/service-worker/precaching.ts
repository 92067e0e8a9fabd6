/** The app's own files on this device: the shell from the installation on, large things once needed, each checked before use. */
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { checkBodies } from './integrity.ts';
import type { Integrities } from './integrity.ts';
import { isLater, serverPaths } from './paths.ts';
import { unopenedPage } from './unopened.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** Written in front of the built worker by src/launch/integrity.mjs, which looks for this very name. */
  readonly __CITY_INTEGRITY__?: Integrities;
};

/** What `$service-worker` names. */
export interface OwnFiles {
  readonly base: string;
  readonly build: readonly string[];
  readonly files: readonly string[];
  readonly prerendered: readonly string[];
  readonly version: string;
}

/** An entry of Workbox's list. */
export interface PrecacheEntry {
  readonly url: string;
  readonly revision: string | null;
  readonly integrity?: string;
}

/** Large things that were needed once; what a new version changed in them is found by its integrity. */
const LATER = 'later';
/** More than all of one version's: bounds what many versions could pile up. */
const MOST_LATER = 400;

const laterOf = ({ build, files }: OwnFiles): readonly string[] => [...build, ...files].filter(isLater);

/** What is fetched at installation. A file whose bytes did not change is taken over from the version before. */
export const entriesOf = (own: OwnFiles, integrities: Integrities): PrecacheEntry[] => {
  const checked = (url: string) => (integrities[url] === undefined ? {} : { integrity: integrities[url] });
  const byContent = (url: string): PrecacheEntry => ({
    url,
    revision: integrities[url] ?? own.version,
    ...checked(url),
  });
  // Names in `build` carry a hash of their content: they need no revision.
  const byName = (url: string): PrecacheEntry => ({ url, revision: null, ...checked(url) });
  return [
    ...own.build.filter((url) => !isLater(url)).map(byName),
    ...own.files.filter((url) => !isLater(url)).map(byContent),
    ...own.prerendered.map(byContent),
  ];
};

/** Serves the app's files on this device from now on; to be called while the worker's script runs first. */
export const precache = (own: OwnFiles): void => {
  const integrities = self.__CITY_INTEGRITY__ ?? {};
  const checked = checkBodies(integrities, { caches, fetch: (...request) => fetch(...request) });
  addPlugins([checked]);
  precacheAndRoute(entriesOf(own, integrities));
  cleanupOutdatedCaches();
  registerShell(`${own.base}/shell`);
  const later = new Set(laterOf(own));
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && later.has(url.pathname),
    new CacheFirst({ cacheName: LATER, plugins: [checked, { cacheDidUpdate: () => trim(new Set(later)) }] }),
  );
};

/** One page for every address; where not even that is to be had, a page that says so. */
const registerShell = (shell: string): void => {
  const handle = createHandlerBoundToURL(shell);
  const answer: typeof handle = async (options) => {
    try {
      return await handle(options);
    } catch {
      return unopenedPage();
    }
  };
  registerRoute(new NavigationRoute(answer, { denylist: [serverPaths] }));
};

/** Throws away what versions before this one kept and nobody asks for any more. */
export const forgetOld = async (own: OwnFiles): Promise<void> => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(`${LATER}-`));
  await Promise.all(old.map((name) => caches.delete(name)));
  if (names.includes(LATER)) await trim(new Set(laterOf(own)));
};

const trim = async (wanted: ReadonlySet<string>): Promise<void> => {
  const cache = await caches.open(LATER);
  const kept = await cache.keys();
  const strangers = kept.filter(({ url }) => !wanted.has(new URL(url).pathname));
  const tooMany = kept.filter((request) => !strangers.includes(request)).slice(0, -MOST_LATER);
  await Promise.all([...strangers, ...tooMany].map((request) => cache.delete(request)));
};
