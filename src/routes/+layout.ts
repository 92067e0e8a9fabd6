/** The app's screens are drawn on the device: no server rendering, one prerendered shell for every address. */
export const ssr = false;
export const prerender = false;
