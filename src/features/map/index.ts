/** The map's door. */
export { default as MapView } from './MapView.svelte';
export { default as PlaceList } from './PlaceList.svelte';
export { default as SearchBox } from './SearchBox.svelte';
export { MapController } from './map.svelte.ts';
export type { PlaceOnMap } from './places/place.ts';
export { openStreetMapTiles, parseTileUrl } from './stage/street-tiles.ts';
export type { MapLook, MapPadding } from './stage/view.ts';
