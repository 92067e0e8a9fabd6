/** Where a square lies on a picture: pure numbers, so that hands, wheels and keys agree. */

/** `zoom`: 1 shows as much as a square can; `x`, `y`: middle of what is seen, 0…1 of the picture's sides. */
export interface Crop {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const ZOOM_MAX = 5;
export const WHOLE: Crop = { zoom: 1, x: 0.5, y: 0.5 };

const between = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));

/** Side of the square in the picture's pixels. */
const sideOf = (size: Size, zoom: number): number => Math.min(size.width, size.height) / zoom;

/** The same crop with its square inside the picture. */
export const kept = (size: Size, crop: Crop): Crop => {
  const zoom = between(crop.zoom, 1, ZOOM_MAX);
  const side = sideOf(size, zoom);
  const [halfX, halfY] = [side / 2 / size.width, side / 2 / size.height];
  return { zoom, x: between(crop.x, halfX, 1 - halfX), y: between(crop.y, halfY, 1 - halfY) };
};

/** Moved by so many screen pixels of a square that is `frame` pixels wide; the picture follows the hand. */
export const moved = (size: Size, crop: Crop, frame: number, by: { x: number; y: number }): Crop => {
  const scale = sideOf(size, crop.zoom) / frame;
  return kept(size, {
    zoom: crop.zoom,
    x: crop.x - (by.x * scale) / size.width,
    y: crop.y - (by.y * scale) / size.height,
  });
};

/** The square in the picture's pixels. */
export const squareOf = (size: Size, crop: Crop): { x: number; y: number; side: number } => {
  const { zoom, x, y } = kept(size, crop);
  const side = sideOf(size, zoom);
  return { x: x * size.width - side / 2, y: y * size.height - side / 2, side };
};
