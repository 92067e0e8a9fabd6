/** Leaflet, fetched only when a map is shown. */
import type * as Leaflet from 'leaflet';

/** The library as a value, handed to whoever builds layers with it. */
export type LeafletLibrary = typeof Leaflet;

/** Fetches Leaflet and its style sheet. Throws when the network fails: the caller offers to try again. */
export const loadLeaflet = async (): Promise<LeafletLibrary> => {
  const [library] = await Promise.all([
    import('leaflet/dist/leaflet-src.esm.js'),
    import('leaflet/dist/leaflet.css'),
  ]);
  return library;
};
