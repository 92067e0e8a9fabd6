/** What this map uses of Leaflet, from its sources: no markers, popups, vectors or controls travel to anybody's first screen. */
export { map } from 'leaflet/src/map/index.js';
export { gridLayer } from 'leaflet/src/layer/tile/GridLayer.js';
export { tileLayer } from 'leaflet/src/layer/tile/TileLayer.js';
export { toPoint as point } from 'leaflet/src/geometry/Point.js';
export * as DomUtil from 'leaflet/src/dom/DomUtil.js';
