/** The base map as a Leaflet layer: canvas tiles, painted once each, so that panning moves pictures and paints nothing. */
import type { Coords, DoneCallback, GridLayer } from 'leaflet';
import type { AtlasSource } from '../base/atlas-source.ts';
import type { Inks } from '../base/inks.ts';
import { paintTile, tileReach } from '../base/tile-painter.ts';
import { prepareCanvas } from './canvas.ts';
import type { LeafletLibrary } from './leaflet.ts';

const TILE = 512;
const FRAME_SHARE = 5;

/** Makes the layer; `inks` is asked anew for every tile, so `redraw()` is enough after a change of theme. */
export const makeAtlasLayer = (library: LeafletLibrary, source: AtlasSource, inks: () => Inks): GridLayer => {
  const layer = library.gridLayer({ tileSize: TILE, updateWhenZooming: false, keepBuffer: 1, pane: 'atlas' });
  const inTurn = makeTurns();
  const createTile = (coords: Coords, done: DoneCallback): HTMLElement => {
    const canvas = document.createElement('canvas');
    const place = { zoom: coords.z, left: coords.x * TILE, top: coords.y * TILE, size: TILE };
    void source.pieces(tileReach(place), coords.z).then((pieces) => {
      inTurn(() => {
        // Painting what has been zoomed past already would only hold up what is looked at now.
        const brush = canvas.parentNode === null ? null : prepareCanvas(canvas, TILE, TILE);
        if (brush) paintTile(brush, place, pieces, inks());
        done(undefined, canvas);
      });
    });
    return canvas;
  };
  return Object.assign(layer, { createTile });
};

/** Runs works one after the other, in each animation frame only as many as fit into a few milliseconds of it. */
const makeTurns = (): ((work: () => void) => void) => {
  const waiting: (() => void)[] = [];
  const run = (): void => {
    const until = performance.now() + FRAME_SHARE;
    do waiting.shift()?.();
    while (waiting.length > 0 && performance.now() < until);
    if (waiting.length > 0) requestAnimationFrame(run);
  };
  return (work) => {
    waiting.push(work);
    if (waiting.length === 1) requestAnimationFrame(run);
  };
};
