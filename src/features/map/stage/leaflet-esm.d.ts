/** Leaflet 1.9 types its public face only; these are the same things under the names of its source files. */
declare module 'leaflet/src/map/index.js' {
  export { map } from 'leaflet';
}
declare module 'leaflet/src/layer/tile/GridLayer.js' {
  export { gridLayer } from 'leaflet';
}
declare module 'leaflet/src/layer/tile/TileLayer.js' {
  export { tileLayer } from 'leaflet';
}
declare module 'leaflet/src/geometry/Point.js' {
  export { point as toPoint } from 'leaflet';
}
declare module 'leaflet/src/dom/DomUtil.js' {
  import { DomUtil } from 'leaflet';
  export const setTransform: typeof DomUtil.setTransform;
  export const getPosition: typeof DomUtil.getPosition;
}
