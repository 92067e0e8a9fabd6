/** Views of the map: where one looks, and how a flight ends in the part that no sheet covers. */

/** Where the map looks: degrees and Leaflet's zoom. */
export interface MapLook {
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
}

/** Pixels of the map that something else covers, by side of the screen. */
export interface MapPadding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const NO_PADDING: MapPadding = { top: 0, right: 0, bottom: 0, left: 0 };
const LEAST_ZOOM = 2;
export const MOST_ZOOM = 17;

/** A look fit to be shown, whatever was remembered: finite, on the map, within the zooms; null when it is none. */
export const parseLook = (value: unknown): MapLook | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { lat, lon, zoom } = value as Record<keyof MapLook, unknown>;
  if (typeof lat !== 'number' || typeof lon !== 'number' || typeof zoom !== 'number') return null;
  if (![lat, lon, zoom].every(Number.isFinite)) return null;
  return {
    lat: Math.min(85, Math.max(-85, lat)),
    lon: ((((lon + 180) % 360) + 360) % 360) - 180,
    zoom: Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, Math.round(zoom))),
  };
};

/** How far the middle of the uncovered part is from the middle of the map, in pixels. */
export const paddingShift = ({ top, right, bottom, left }: MapPadding): { x: number; y: number } => ({
  x: (left - right) / 2,
  y: (top - bottom) / 2,
});

/** The least zoom at which the world is at least as tall as the map, so that no empty band shows. */
export const leastZoomFor = (height: number): number =>
  Math.max(LEAST_ZOOM, Math.min(5, Math.ceil(Math.log2(height / 256) - 0.05)));
