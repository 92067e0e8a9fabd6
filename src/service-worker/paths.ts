/** The coarse world and its great cities: small, and without them an offline map is nothing but sea. */
const coarseWorld = /\/map\/generated\/(atlas\.json|world-110m\.bin|cities-large\.json)$/;

/** Which of the app's own addresses are fetched when first needed, instead of at installation. */
export const isLater = (path: string): boolean =>
  !coarseWorld.test(path) && /\/map\/|emoji.*\.json$|\/icons\/(.*512|shortcut-)|\/screenshots\//.test(path);

/** Addresses that the city's server answers itself; never the app's shell. */
export const serverPaths = /^\/(api|health|metrics|\.well-known)(\/|$)/;
