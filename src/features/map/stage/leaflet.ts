/** Leaflet, fetched only when a map is shown. */
import type * as Parts from './leaflet-parts.ts';

/** The library as a value, handed to whoever builds layers with it. */
export type LeafletLibrary = typeof Parts;

/** Fetches Leaflet and its style sheet. Throws when the network fails: the caller offers to try again. */
export const loadLeaflet = async (): Promise<LeafletLibrary> => {
  const [library] = await Promise.all([import('./leaflet-parts.ts'), import('leaflet/dist/leaflet.css')]);
  return library;
};
