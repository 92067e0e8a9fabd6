/** Which of the app's own addresses are fetched when first needed, instead of at installation. */
export const isLater = (path: string): boolean =>
  /\/map\/generated\/|\/map\/.*(50m|10m)|emoji.*\.json$|\/icons\/.*512/.test(path);

/** Addresses that the city's server answers itself; never the app's shell. */
export const serverPaths = /^\/(api|health|metrics|\.well-known)(\/|$)/;
