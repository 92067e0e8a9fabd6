/** The one prerendered page: what the service worker serves for every address while offline. */
export const prerender = true;
