/** Colours as the themes write them: OKLCH to sRGB, and WCAG 2.1 contrast. Pure arithmetic, no CSS engine. */

/** Linear-light sRGB, each part 0…1 (clipped to the gamut), with its opacity. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

const OKLCH = /^oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)(?:\s*\/\s*([\d.]+))?\s*\)$/;

function clip(part: number): number {
  return Math.min(1, Math.max(0, part));
}

/** Lightness 0…1, chroma, hue in degrees → linear sRGB (Björn Ottosson's matrices). */
export function fromOklch(lightness: number, chroma: number, hue: number, alpha = 1): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    red: clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    green: clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    blue: clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    alpha,
  };
}

/** Reads `oklch(0.5 0.1 40)` or `oklch(0.5 0.1 40 / 0.3)`; anything else is undefined. */
export function parseOklch(text: string): Colour | undefined {
  const found = OKLCH.exec(text.trim());
  if (!found) return undefined;
  const [lightness, chroma, hue, alpha] = found
    .slice(1)
    .map((part) => (part === undefined ? 1 : Number(part)));
  return fromOklch(lightness ?? 0, chroma ?? 0, hue ?? 0, alpha ?? 1);
}

/** The colour seen when `top` lies on an opaque `ground` (blended in gamma space, as browsers do). */
export function over(top: Colour, ground: Colour): Colour {
  const mix = (upper: number, lower: number): number =>
    toLinear(toGamma(upper) * top.alpha + toGamma(lower) * (1 - top.alpha));
  return {
    red: mix(top.red, ground.red),
    green: mix(top.green, ground.green),
    blue: mix(top.blue, ground.blue),
    alpha: 1,
  };
}

function toGamma(part: number): number {
  return part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;
}

function toLinear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function luminance(colour: Colour): number {
  return 0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue;
}

/** WCAG 2.1 contrast ratio, 1…21, of two opaque colours. */
export function contrast(one: Colour, other: Colour): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

/** `#rrggbb`, for places that understand nothing newer (the browser's own chrome). */
export function toHex(colour: Colour): string {
  const part = (value: number): string =>
    Math.round(toGamma(value) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${part(colour.red)}${part(colour.green)}${part(colour.blue)}`;
}
