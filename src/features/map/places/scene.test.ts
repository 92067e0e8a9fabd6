import { encodeGeohash } from '#shared/geohash.ts';
import { expect, test } from 'vitest';
import { worldPixels } from '../geo/mercator.ts';
import { markAt } from './hit.ts';
import { LabelRoom } from './label-room.ts';
import type { PlaceOnMap } from './place.ts';
import { PlaceIndex } from './place-index.ts';
import { cellName, fitText, makeScene, screenBox } from './scene.ts';
import type { SceneEye } from './scene.ts';

const view = { left: 0, top: 0, right: 1000, bottom: 800 };
const measure = (text: string): number => text.length * 7;
const place = (
  id: string,
  latitude: number,
  longitude: number,
  more: Partial<PlaceOnMap> = {},
): PlaceOnMap => ({
  id,
  name: id,
  geohash: encodeGeohash(latitude, longitude, 6),
  members: 1,
  ...more,
});
const eyeOn = (
  latitude: number,
  longitude: number,
  zoom: number,
  selected: string | null = null,
): SceneEye => {
  const world = worldPixels(zoom);
  const cell = new PlaceIndex([place('x', latitude, longitude)]).cells[0];
  if (!cell) throw new Error('no cell');
  return {
    world,
    left: cell.x * world - 500,
    top: cell.y * world - 400,
    view,
    selected,
    measure,
    count: String,
  };
};
const sceneOf = (places: readonly PlaceOnMap[], eye: SceneEye, zoom: number) => {
  const box = {
    left: eye.left / eye.world,
    top: eye.top / eye.world,
    right: (eye.left + 1000) / eye.world,
    bottom: (eye.top + 800) / eye.world,
  };
  return makeScene(new PlaceIndex(places).find(box, zoom), eye, new LabelRoom(view));
};

test('a cell is drawn as its true rectangle, with its name in it', () => {
  const eye = eyeOn(38.7, -9.1, 15);
  const [mark] = sceneOf([place('Harbour', 38.7, -9.1)], eye, 15);
  if (mark?.kind !== 'cell') throw new Error('no cell');
  expect(mark.box.right - mark.box.left).toBeCloseTo(256, 5);
  expect(mark.inside).toBe(true);
  expect(mark.caption?.text).toBe('Harbour');
});

test('a cell too small to see is drawn small but legible, its name beneath', () => {
  const eye = eyeOn(38.7, -9.1, 5);
  const [mark] = sceneOf([place('Harbour', 38.7, -9.1)], eye, 5);
  if (mark?.kind !== 'cell') throw new Error('no cell');
  expect(mark.box.right - mark.box.left).toBeGreaterThanOrEqual(10);
  expect(mark.inside).toBe(false);
  expect(mark.caption && mark.caption.box.top >= mark.box.bottom).toBe(true);
});

test('a cell around the whole view carries no name: there is nowhere to stand', () => {
  const eye = { ...eyeOn(38.7, -9.1, 15), view: { left: 490, top: 390, right: 510, bottom: 410 } };
  expect(sceneOf([place('Harbour', 38.7, -9.1)], eye, 15)[0]?.caption).toBeNull();
});

test('several in one cell: the most alive gives the name', () => {
  const [cell] = new PlaceIndex([place('A', 1, 1), place('B', 1, 1, { live: true }), place('C', 1, 1)]).cells;
  expect(cell && cellName(cell)).toBe('B +2');
});

test('when there is room for one name, the selected place has it', () => {
  const places = [place('One', 38.7, -9.1), place('Two', 38.7, -9.09), place('Three', 38.706, -9.1)];
  const eye = eyeOn(38.7, -9.1, 13, 'Three');
  const cramped = { ...eye, measure: () => 400 };
  const named = sceneOf(places, cramped, 13).filter(({ caption }) => caption !== null);
  expect(named.some((mark) => mark.kind === 'cell' && mark.cell.places[0]?.id === 'Three')).toBe(true);
});

test('a cluster names as many as fit whole', () => {
  const names = ['Harbour', 'Old Town', 'Mill Lane', 'Market'];
  const places = names.map((name, at) => place(name, 38.7 + at / 100, -9.1, { lastActivity: 9 - at }));
  const [mark] = sceneOf(places, eyeOn(38.7, -9.1, 5), 5);
  if (mark?.kind !== 'cluster') throw new Error('no cluster');
  expect(mark.text).toBe('4');
  expect(mark.caption?.text).toBe('Harbour, Old Town');
});

test('the smallest mark under the pointer is meant; a near miss counts', () => {
  const eye = eyeOn(38.7, -9.1, 15);
  const marks = sceneOf([place('Harbour', 38.7, -9.1)], eye, 15);
  const box = marks[0]?.box ?? view;
  expect(markAt(marks, 500, 400)).toBe(marks[0]);
  expect(markAt(marks, box.right + 5, 400)).toBe(marks[0]);
  expect(markAt(marks, box.right + 90, 400)).toBeNull();
});

test('texts are cut to the width with an ellipsis, or to nothing', () => {
  expect(fitText('Harbour', 100, measure)).toBe('Harbour');
  expect(fitText('Harbour Street', 70, measure)).toBe('Harbour S…');
  expect(fitText('Harbour', 3, measure)).toBe('');
  expect(measure(fitText('👩‍👩‍👧 and others', 60, measure))).toBeLessThanOrEqual(60);
});

test('small boxes grow around their middle', () => {
  const eye = eyeOn(0, 0, 2);
  const tiny = { left: 0.5, right: 0.5001, top: 0.5, bottom: 0.5001 };
  const box = screenBox(tiny, eye);
  expect(box.right - box.left).toBeCloseTo(10);
  expect((box.left + box.right) / 2).toBeCloseTo(0.50005 * eye.world - eye.left);
});
