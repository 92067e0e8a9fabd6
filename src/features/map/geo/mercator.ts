/** Web Mercator as a unit square: x 0…1 from west to east, y 0…1 from north to south. Degrees on the other side. */

/** Where Web Mercator ends, in degrees of latitude. */
export const MOST_NORTH = 85.0511287798066;

/** Longitude in degrees → x. Not wrapped: 190° is beyond 1. */
export const projectX = (longitude: number): number => (longitude + 180) / 360;

/** Latitude in degrees → y, clamped to the square. */
export const projectY = (latitude: number): number => {
  const clamped = Math.min(MOST_NORTH, Math.max(-MOST_NORTH, latitude));
  const sine = Math.sin((clamped * Math.PI) / 180);
  return Math.min(1, Math.max(0, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)));
};

/** x → longitude in degrees. */
export const longitudeOf = (x: number): number => x * 360 - 180;

/** y → latitude in degrees. */
export const latitudeOf = (y: number): number =>
  (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** Width of the whole world in CSS pixels at a zoom (256 at 0). */
export const worldPixels = (zoom: number): number => 256 * 2 ** zoom;
