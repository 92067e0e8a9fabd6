/** Paints cells, clusters, cities and the choosing grid onto the overlay. */
import type { Inks } from '../base/inks.ts';
import type { Box } from '../geo/clip.ts';
import type { CityMark } from './city-marks.ts';
import type { CellMark, ClusterMark, Mark } from './scene.ts';

type Brush = CanvasRenderingContext2D;

/** Canvas fonts by use; the names of places and cities are the only serif. */
export const fontOf = (style: 'name' | 'small' | 'count', inks: Inks): string =>
  ({
    name: `600 13.5px ${inks.serif}`,
    small: `italic 12px ${inks.serif}`,
    count: `600 12px ${inks.sans}`,
  })[style];

/** A name with a halo of the ground around it, centred in its box. */
const write = (brush: Brush, text: string, box: Box, ink: string, halo: string): void => {
  brush.textAlign = 'center';
  brush.textBaseline = 'middle';
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2 + 0.5;
  brush.lineWidth = 3;
  brush.strokeStyle = halo;
  brush.strokeText(text, x, y);
  brush.fillStyle = ink;
  brush.fillText(text, x, y);
};

/** Paints the marks; the selected place's cell is outlined twice. */
export const paintMarks = (
  brush: Brush,
  marks: readonly Mark[],
  inks: Inks,
  selected: string | null,
): void => {
  brush.lineJoin = 'round';
  for (const mark of marks) if (mark.kind === 'cell') paintCell(brush, mark, inks, selected);
  for (const mark of marks) if (mark.kind === 'cluster') paintCluster(brush, mark, inks);
  brush.font = fontOf('name', inks);
  for (const mark of marks)
    if (mark.kind === 'cell' && mark.caption) {
      const ink = isSelected(mark, selected) ? inks.colours['cell-selected'] : inks.colours['cell-label'];
      write(brush, mark.caption.text, mark.caption.box, ink, inks.colours['label-halo']);
    }
  brush.font = fontOf('small', inks);
  for (const mark of marks)
    if (mark.kind === 'cluster' && mark.caption)
      write(
        brush,
        mark.caption.text,
        mark.caption.box,
        inks.colours['cell-label'],
        inks.colours['label-halo'],
      );
};

const isSelected = (mark: CellMark, selected: string | null): boolean =>
  selected !== null && mark.cell.places.some(({ id }) => id === selected);

const paintCell = (brush: Brush, mark: CellMark, { colours }: Inks, selected: string | null): void => {
  const { left, top, right, bottom } = snap(mark.box);
  const chosen = isSelected(mark, selected);
  brush.fillStyle = mark.own || chosen ? colours['cell-own-fill'] : colours['cell-fill'];
  brush.fillRect(left, top, right - left, bottom - top);
  brush.strokeStyle = chosen
    ? colours['cell-selected']
    : mark.own
      ? colours['cell-own-line']
      : colours['cell-line'];
  brush.lineWidth = chosen ? 2.5 : mark.own ? 2 : 1;
  brush.strokeRect(left, top, right - left, bottom - top);
  if (mark.live) {
    brush.fillStyle = colours.live;
    brush.fillRect(right - 4, top - 3, 7, 7);
  }
};

const paintCluster = (brush: Brush, mark: ClusterMark, inks: Inks): void => {
  const { colours } = inks;
  const { left, top, right, bottom } = mark.box;
  brush.beginPath();
  brush.roundRect(left, top, right - left, bottom - top, (bottom - top) / 2);
  brush.fillStyle = colours.cluster;
  brush.fill();
  brush.strokeStyle = mark.own ? colours['cell-own-line'] : colours['cluster-edge'];
  brush.lineWidth = mark.own ? 2 : 1;
  brush.stroke();
  brush.font = fontOf('count', inks);
  brush.textAlign = 'center';
  brush.textBaseline = 'middle';
  brush.fillStyle = colours['cluster-ink'];
  brush.fillText(mark.text, (left + right) / 2, (top + bottom) / 2 + 0.5);
  if (mark.live) {
    brush.beginPath();
    brush.arc(right - 4, top + 3, 4, 0, 2 * Math.PI);
    brush.fillStyle = colours.live;
    brush.fill();
  }
};

/** Cities: a dot and a serif name, larger for larger ones; countries in spaced capitals. */
export const paintCities = (brush: Brush, cities: readonly CityMark[], inks: Inks): void => {
  const { colours } = inks;
  for (const { caption, font, dot, tone, spacing } of cities) {
    if (dot) {
      brush.beginPath();
      brush.arc(dot.x, dot.y, dot.radius, 0, 2 * Math.PI);
      brush.fillStyle = dot.capital ? colours.land : colours.city;
      brush.fill();
      brush.strokeStyle = colours.city;
      brush.lineWidth = 1.25;
      if (dot.capital) brush.stroke();
    }
    brush.font = font;
    brush.letterSpacing = `${spacing}px`;
    brush.globalAlpha = tone === 'country' ? 0.62 : 1;
    write(brush, caption.text, caption.box, colours.label, colours['label-halo']);
    brush.globalAlpha = 1;
  }
  brush.letterSpacing = '0px';
};

/** What choosing shows, in pixels: the lines between cells, the cell under the pointer, and the picked one. */
export interface GridMarks {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly hover: Box | null;
  readonly picked: Box | null;
}

/** Paints the grid of cells that can be picked across a canvas of a size. */
export const paintGrid = (brush: Brush, grid: GridMarks, width: number, height: number, inks: Inks): void => {
  const { colours } = inks;
  brush.strokeStyle = colours['cell-line'];
  brush.globalAlpha = 0.3;
  brush.lineWidth = 1;
  brush.beginPath();
  for (const x of grid.xs) {
    brush.moveTo(Math.round(x) + 0.5, 0);
    brush.lineTo(Math.round(x) + 0.5, height);
  }
  for (const y of grid.ys) {
    brush.moveTo(0, Math.round(y) + 0.5);
    brush.lineTo(width, Math.round(y) + 0.5);
  }
  brush.stroke();
  brush.globalAlpha = 1;
  if (grid.hover) fillBox(brush, grid.hover, colours['cell-own-fill']);
  if (!grid.picked) return;
  fillBox(brush, grid.picked, colours['cell-own-fill']);
  const { left, top, right, bottom } = snap(grid.picked);
  brush.strokeStyle = colours['cell-selected'];
  brush.lineWidth = 2.5;
  brush.strokeRect(left, top, right - left, bottom - top);
};

const fillBox = (brush: Brush, box: Box, colour: string): void => {
  brush.fillStyle = colour;
  brush.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
};

const snap = ({ left, top, right, bottom }: Box): Box => ({
  left: Math.round(left) + 0.5,
  top: Math.round(top) + 0.5,
  right: Math.round(right) + 0.5,
  bottom: Math.round(bottom) + 0.5,
});
