/** Leaflet's module build: the same names as the package, with real exports, so that it can be fetched when needed. */
declare module 'leaflet/dist/leaflet-src.esm.js' {
  export * from 'leaflet';
}
