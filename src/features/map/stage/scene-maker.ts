/** Makes the picture of a frame: asks the index, finds room for names, and paints in the right order. */
import type { Geohash } from '#shared/geohash.ts';
import type { Inks } from '../base/inks.ts';
import type { Box } from '../geo/clip.ts';
import { cellBox, gridLines, pickPrecision } from '../geo/cells.ts';
import { worldPixels } from '../geo/mercator.ts';
import { NamedPoints, fewestPeople, placeCities, placeCountries } from '../places/city-marks.ts';
import type { CityMark, NamedPoint } from '../places/city-marks.ts';
import { LabelRoom } from '../places/label-room.ts';
import { PlaceIndex } from '../places/place-index.ts';
import type { Found } from '../places/place-index.ts';
import { fontOf, paintCities, paintGrid, paintMarks } from '../places/scene-painter.ts';
import { makeScene } from '../places/scene.ts';
import type { Mark, SceneEye } from '../places/scene.ts';
import type { OverlayFrame } from './overlay-layer.ts';
import { TextRuler } from './text-ruler.ts';

type Eye = SceneEye & { readonly zoom: number };

const MOST_CITIES = 90;

/** What is shown now, and how; set the fields and paint again. */
export class SceneMaker {
  index = new PlaceIndex([]);
  cities = new NamedPoints([]);
  countries: readonly NamedPoint[] = [];
  selected: string | null = null;
  choosing = false;
  /** Street tiles write their own names. */
  quietBase = false;
  hoverCell: Geohash | null = null;
  pickedCell: Geohash | null = null;
  marks: readonly Mark[] = [];
  readonly #ruler = new TextRuler();
  readonly #numbers: Intl.NumberFormat;

  constructor(locale?: string) {
    this.#numbers = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  }

  /** Forgets measured texts, after the faces have changed. */
  forgetFaces(): void {
    this.#ruler.clear();
  }

  /** Finds what a box of the unit square shows, over all copies of the world it touches; `shift` is the copy. */
  find(box: Box, zoom: number): { found: Found; shift: number }[] {
    const copies: { found: Found; shift: number }[] = [];
    for (let shift = Math.floor(box.left); shift <= Math.floor(box.right); shift++) {
      const left = Math.max(0, box.left - shift);
      const right = Math.min(1, box.right - shift);
      const top = Math.max(0, box.top);
      copies.push({
        shift,
        found: this.index.find({ left, right, top, bottom: Math.min(1, box.bottom) }, zoom),
      });
    }
    return copies;
  }

  /** Paints a frame and keeps its marks for finding what is under the pointer. */
  paint(brush: CanvasRenderingContext2D, frame: OverlayFrame, inks: Inks): void {
    const world = worldPixels(frame.zoom);
    const box = boxOf(frame);
    const room = new LabelRoom({ left: 0, top: 0, right: frame.width, bottom: frame.height });
    const marks: Mark[] = [];
    const names: CityMark[] = [];
    for (const { found, shift } of this.find(box, frame.zoom)) {
      const eye = this.#eye(frame, world, shift, inks);
      const largest = (): void => {
        if (!this.quietBase) names.push(...this.#largest(eye, box, shift, room, inks));
      };
      marks.push(...makeScene(found, eye, room, largest));
      if (!this.quietBase) names.push(...this.#names(eye, box, shift, room, inks));
    }
    paintCities(brush, names, inks);
    if (this.choosing) this.#paintGrid(brush, frame, box, world, inks);
    paintMarks(brush, marks, inks, this.selected);
    this.marks = marks;
  }

  #eye(frame: OverlayFrame, world: number, shift: number, inks: Inks): Eye {
    return {
      world,
      zoom: frame.zoom,
      left: frame.left - shift * world,
      top: frame.top,
      view: frame.view,
      selected: this.selected,
      measure: (text, style) => this.#ruler.width(text, fontOf(style, inks)),
      count: (value) => this.#numbers.format(value),
    };
  }

  /** A few great cities keep their names however many places there are: without them nobody knows where they look. */
  #largest(eye: Eye, box: Box, shift: number, room: LabelRoom, inks: Inks): CityMark[] {
    if (eye.zoom > 9) return [];
    const near = this.#citiesIn(box, shift, fewestPeople(eye.zoom) * 4);
    return placeCities(near, eye, room, inks, this.#measure, 10);
  }

  #names(eye: Eye, box: Box, shift: number, room: LabelRoom, inks: Inks): CityMark[] {
    const countries = placeCountries(this.countries, eye, room, inks, this.#measure);
    const near = this.#citiesIn(box, shift, fewestPeople(eye.zoom));
    return [...countries, ...placeCities(near, eye, room, inks, this.#measure, MOST_CITIES)];
  }

  #citiesIn(box: Box, shift: number, people: number): NamedPoint[] {
    const moved = { ...box, left: box.left - shift, right: box.right - shift };
    const near = this.cities.within(moved, people / 10);
    return near.filter((city) => (city.people ?? 0) * (city.capital === true ? 10 : 1) >= people);
  }

  readonly #measure = (text: string, font: string, spacing: number): number =>
    this.#ruler.width(text, font, spacing);

  #paintGrid(
    brush: CanvasRenderingContext2D,
    frame: OverlayFrame,
    box: Box,
    world: number,
    inks: Inks,
  ): void {
    const { xs, ys } = gridLines(box, pickPrecision(frame.zoom));
    const middle = (box.left + box.right) / 2;
    const grid = {
      xs: xs.map((x) => x * world - frame.left),
      ys: ys.map((y) => y * world - frame.top),
      hover: this.#screenCell(this.hoverCell, frame, world, middle),
      picked: this.#screenCell(this.pickedCell, frame, world, middle),
    };
    paintGrid(brush, grid, frame.width, frame.height, inks);
  }

  #screenCell(hash: Geohash | null, frame: OverlayFrame, world: number, middle: number): Box | null {
    if (hash === null) return null;
    const { left, right, top, bottom } = cellBox(hash);
    const shift = Math.round(middle - (left + right) / 2);
    return {
      left: (left + shift) * world - frame.left,
      right: (right + shift) * world - frame.left,
      top: top * world - frame.top,
      bottom: bottom * world - frame.top,
    };
  }
}

/** The part of the unit square a frame covers. */
export const boxOf = (frame: Pick<OverlayFrame, 'zoom' | 'left' | 'top' | 'width' | 'height'>): Box => {
  const world = worldPixels(frame.zoom);
  return {
    left: frame.left / world,
    top: frame.top / world,
    right: (frame.left + frame.width) / world,
    bottom: (frame.top + frame.height) / world,
  };
};
