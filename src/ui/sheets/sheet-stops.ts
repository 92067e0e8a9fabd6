/** Where a sheet may rest: three heights on a phone, a span of widths on a desk. Pure; all lengths in CSS pixels. */

export const STOPS = ['peek', 'half', 'full'] as const;
export type Stop = (typeof STOPS)[number];
export type StopHeights = Readonly<Record<Stop, number>>;

/** How far ahead, in ms, a flick is followed to guess where the hand wanted to go. */
const FOLLOW = 180;
/** Slower than this (px/ms) a release is a placing, not a flick. */
const FLICK = 0.45;

/** Narrowest and widest column on a desk, and the width it starts with. */
export const WIDTH = { least: 320, most: 640, start: 400 } as const;

/** Heights of the three stops in a room of this height (what lies between the top safe area and the dock). */
export function stopHeights(room: number, peek: number): StopHeights {
  const full = Math.max(0, room);
  const low = Math.min(peek, full);
  return { peek: low, half: Math.min(full, Math.max(low, Math.round(room * 0.5))), full };
}

/** The stop to rest at when a drag ends: the next one in the direction of a flick, else the nearest. */
export function restingStop(height: number, velocity: number, heights: StopHeights): Stop {
  const aim = height + velocity * FOLLOW;
  if (Math.abs(velocity) >= FLICK) {
    const ahead = STOPS.filter((stop) => (velocity > 0 ? heights[stop] > height : heights[stop] < height));
    if (ahead.length > 0) return nearest(aim, heights, ahead);
  }
  return nearest(height, heights, STOPS);
}

function nearest(height: number, heights: StopHeights, among: readonly Stop[]): Stop {
  const distance = (stop: Stop): number => Math.abs(heights[stop] - height);
  return among.reduce((best, stop) => (distance(stop) < distance(best) ? stop : best));
}

/** A drag past the ends goes on, but ever slower, so that the hand feels the end. */
export function resisted(height: number, heights: StopHeights): number {
  if (height > heights.full) return heights.full;
  if (height < heights.peek) return Math.max(0, heights.peek - Math.sqrt(heights.peek - height) * 3);
  return height;
}

/** The stop that a key on the handle leads to, or undefined when the key means nothing here. */
export function stopForKey(stop: Stop, key: string): Stop | undefined {
  const at = STOPS.indexOf(stop);
  switch (key) {
    case 'ArrowUp':
    case 'PageUp':
      return STOPS[Math.min(at + 1, STOPS.length - 1)];
    case 'ArrowDown':
    case 'PageDown':
      return STOPS[Math.max(at - 1, 0)];
    case 'Home':
      return 'peek';
    case 'End':
      return 'full';
    default:
      return undefined;
  }
}

/** The stop that a press on the handle leads to: up, and from the top back to half. */
export function stopForPress(stop: Stop): Stop {
  return stop === 'peek' ? 'half' : stop === 'half' ? 'full' : 'half';
}

/** A column's width held between the ends, and never more than 60 % of the window. */
export function heldWidth(width: number, windowWidth: number): number {
  const most = Math.max(WIDTH.least, Math.min(WIDTH.most, Math.floor(windowWidth * 0.6)));
  const wanted = Number.isFinite(width) ? width : WIDTH.start;
  return Math.round(Math.min(most, Math.max(WIDTH.least, wanted)));
}

/** The width that a key on the separator leads to; arrows follow the eye, so they turn around in right-to-left. */
export function widthForKey(width: number, key: string, rtl: boolean): number | undefined {
  const step = 24;
  switch (key) {
    case 'ArrowRight':
      return width + (rtl ? -step : step);
    case 'ArrowLeft':
      return width + (rtl ? step : -step);
    case 'Home':
      return WIDTH.least;
    case 'End':
      return WIDTH.most;
    case 'Enter':
      return WIDTH.start;
    default:
      return undefined;
  }
}

/** Follows a pointer's speed (px/ms) over its last moments. */
export class Speedometer {
  #samples: { at: number; where: number }[] = [];

  /** Notes where the pointer is; times in ms. */
  note(where: number, at: number): void {
    this.#samples = [...this.#samples.filter((sample) => at - sample.at < 100), { at, where }];
  }

  /** Speed at the moment of release; a hand that rested before letting go has none. */
  speed(at: number): number {
    const recent = this.#samples.filter((sample) => at - sample.at < 100);
    const [first, last] = [recent[0], recent.at(-1)];
    if (!first || !last || last.at === first.at) return 0;
    return (last.where - first.where) / (last.at - first.at);
  }
}
