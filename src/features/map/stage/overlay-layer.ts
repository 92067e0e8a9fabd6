/**
 * One canvas over the map for all that lies on it. It is larger than the view, moves with it for free, is stretched
 * while zooming, and painted anew only when the view leaves it, the zoom settles, or something changed.
 */
import type { LatLng, LeafletEvent, Map as LeafletMap, ZoomAnimEvent } from 'leaflet';
import type { Box } from '../geo/clip.ts';
import { boxHolds } from '../geo/clip.ts';
import { prepareCanvas } from './canvas.ts';
import type { LeafletLibrary } from './leaflet.ts';

/** What the canvas covers when it is painted: world pixels of `zoom` at its corner, its size, the view within it. */
export interface OverlayFrame {
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly view: Box;
}

/** Paints a frame; `marks` is an element that moves with the canvas, for what is drawn by the browser itself. */
export type PaintOverlay = (brush: CanvasRenderingContext2D, frame: OverlayFrame, marks: HTMLElement) => void;

const PADDING = 0.3;

/** The canvas and its life on a Leaflet map; `remove()` ends it. */
export class Overlay {
  readonly #library: LeafletLibrary;
  readonly #map: LeafletMap;
  readonly #paint: PaintOverlay;
  readonly #sheet = document.createElement('div');
  readonly #canvas = document.createElement('canvas');
  readonly #marks = document.createElement('div');
  readonly #handlers: Record<string, (event: LeafletEvent) => void>;
  #center: LatLng;
  #zoom: number;
  #frame: OverlayFrame | null = null;
  #asked = 0;

  constructor(library: LeafletLibrary, map: LeafletMap, pane: HTMLElement, paint: PaintOverlay) {
    this.#library = library;
    this.#map = map;
    this.#paint = paint;
    this.#center = map.getCenter();
    this.#zoom = map.getZoom();
    this.#sheet.className = 'leaflet-zoom-animated map-overlay';
    this.#marks.className = 'map-marks';
    this.#sheet.append(this.#canvas, this.#marks);
    pane.append(this.#sheet);
    this.#handlers = {
      move: () => this.#follow(),
      zoom: () => this.#stretch(map.getCenter(), map.getZoom()),
      zoomanim: (event) => {
        const { center, zoom } = event as ZoomAnimEvent;
        this.#stretch(center, zoom);
      },
      moveend: () => this.draw(),
      viewreset: () => this.draw(),
      resize: () => this.draw(),
    };
    map.on(this.#handlers);
    this.draw();
  }

  /** The frame last painted; null before the first. */
  get frame(): OverlayFrame | null {
    return this.#frame;
  }

  /** Asks for a painting in the next animation frame. */
  ask(): void {
    this.#asked ||= requestAnimationFrame(() => this.draw());
  }

  /** Paints now. */
  draw(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    const size = this.#map.getSize();
    if (size.x === 0 || size.y === 0) return;
    const pad = size.multiplyBy(PADDING).round();
    const corner = this.#map.containerPointToLayerPoint([-pad.x, -pad.y]).round();
    const world = this.#map.getPixelOrigin().add(corner);
    const [width, height] = [size.x + 2 * pad.x, size.y + 2 * pad.y];
    this.#center = this.#map.getCenter();
    this.#zoom = this.#map.getZoom();
    const view = { left: pad.x, top: pad.y, right: pad.x + size.x, bottom: pad.y + size.y };
    this.#frame = { zoom: this.#zoom, left: world.x, top: world.y, width, height, view };
    this.#library.DomUtil.setTransform(this.#sheet, corner, 1);
    const brush = prepareCanvas(this.#canvas, width, height);
    if (brush) this.#paint(brush, this.#frame, this.#marks);
  }

  /** Ends it: no element, no handler, no frame is left. */
  remove(): void {
    cancelAnimationFrame(this.#asked);
    this.#map.off(this.#handlers);
    this.#sheet.remove();
  }

  #follow(): void {
    const frame = this.#frame;
    if (!frame || this.#map.getZoom() !== frame.zoom) return;
    const { min, max } = this.#map.getPixelBounds();
    if (!min || !max) return;
    const covered = {
      left: frame.left,
      top: frame.top,
      right: frame.left + frame.width,
      bottom: frame.top + frame.height,
    };
    if (!boxHolds(covered, { left: min.x, top: min.y, right: max.x, bottom: max.y })) this.ask();
  }

  /** Keeps the picture on the ground it shows while the map is between two zooms. */
  #stretch(center: LatLng, zoom: number): void {
    const map = this.#map;
    const scale = map.getZoomScale(zoom, this.#zoom);
    const size = map.getSize();
    const pad = size.multiplyBy(PADDING).round();
    const viewHalf = size.divideBy(2).add(pad);
    const panePosition =
      this.#library.DomUtil.getPosition(map.getPanes().mapPane) ?? this.#library.point(0, 0);
    const origin = map.project(center, zoom).subtract(size.divideBy(2)).add(panePosition).round();
    const offset = viewHalf.multiplyBy(-scale).add(map.project(this.#center, zoom)).subtract(origin);
    this.#library.DomUtil.setTransform(this.#sheet, offset, scale);
  }
}
