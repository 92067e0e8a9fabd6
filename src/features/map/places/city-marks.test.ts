import { expect, test } from 'vitest';
import type { Inks } from '../base/inks.ts';
import { worldPixels } from '../geo/mercator.ts';
import { fewestPeople, NamedPoints, placeCities, placeCountries } from './city-marks.ts';
import { LabelRoom } from './label-room.ts';

const inks = { colours: {}, serif: 'serif', sans: 'sans-serif' } as Inks;
const view = { left: 0, top: 0, right: 1024, bottom: 1024 };
const eye = {
  world: worldPixels(2),
  zoom: 2,
  left: 0,
  top: 0,
  view,
  selected: null,
  measure: () => 50,
  count: String,
};
const measure = (text: string): number => text.length * 7;
const city = (name: string, latitude: number, longitude: number, people: number, capital = false) => ({
  name,
  latitude,
  longitude,
  people,
  capital,
});

test('the nearer one looks, the smaller the cities named', () => {
  for (let zoom = 1; zoom <= 17; zoom++)
    expect(fewestPeople(zoom)).toBeLessThanOrEqual(fewestPeople(zoom - 1));
  expect(fewestPeople(17)).toBe(0);
});

test('cities are found where they are and by their people', () => {
  const points = new NamedPoints([
    city('Large', 10, 10, 1e6),
    city('Small', 10, 10, 1e4),
    city('Far', -50, 10, 1e6),
  ]);
  const north = { left: 0, right: 1, top: 0, bottom: 0.5 };
  expect(points.within(north, 1e5).map(({ name }) => name)).toEqual(['Large']);
  expect(points.within(north, 0)).toHaveLength(2);
  expect(new NamedPoints([]).within(north, 0)).toEqual([]);
});

test('where two would lie on each other the larger is named; a capital counts ten times', () => {
  const near = [city('Big', 10, 10, 4e6), city('Seat', 10, 10.3, 1e6, true)];
  const marks = placeCities(near, eye, new LabelRoom(view), inks, measure, 9);
  expect(marks.map(({ caption }) => caption.text)).toEqual(['Seat']);
});

test('not more than asked for', () => {
  const many = Array.from({ length: 9 }, (_, at) => city(`City ${at}`, 60 - at * 12, -150 + at * 35, 1e6));
  expect(placeCities(many, eye, new LabelRoom(view), inks, measure, 4)).toHaveLength(4);
});

test('countries are named when their name fits into them, and not when they fill the screen', () => {
  const large = { name: 'Brazil', latitude: -10, longitude: -52, size: 28 };
  const tiny = { name: 'Luxembourg', latitude: 50, longitude: 6, size: 3 };
  const names = (zoom: number): string[] =>
    placeCountries(
      [large, tiny],
      { ...eye, zoom, world: worldPixels(zoom) },
      new LabelRoom({ left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 }),
      inks,
      measure,
    ).map(({ caption }) => caption.text);
  expect(names(3)).toEqual(['BRAZIL']);
  expect(names(9)).toEqual([]);
});
