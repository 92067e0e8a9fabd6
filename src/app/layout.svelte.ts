/** Where things stand on the screen: the rail, the column or sheet, and what they leave of the map. */
import type { MapPadding } from '#features/map/index.ts';

export type SheetStop = 'peek' | 'half' | 'full';

/** Pixels of the rail at the reading side on desks. */
export const RAIL = 76;

interface Cover {
  readonly edge: 'block-end' | 'inline-start';
  readonly px: number;
}

const DESK = '(width >= 900px)';
const WIDTH_KEPT = 'column-width';

/** One for the page. Keeps the column's width while screens change, and over visits. */
export class Layout {
  width = $state(400);
  cover = $state.raw<Cover>({ edge: 'block-end', px: 0 });
  /** Pixels of the tab bar beneath a phone's sheet; 0 where it does not show. */
  dock = $state(0);
  isDesk = $state(false);
  isRightToLeft = $state(false);

  /** Where the first screen's list was left, so that coming back finds it so. */
  readonly home = { stop: 'peek' as SheetStop, scroll: 0 };

  /** Pixels at the reading side that hold no map: the rail, and the column where one stands. */
  readonly side: number = $derived(
    this.isDesk ? Math.max(RAIL, this.cover.edge === 'inline-start' ? this.cover.px : 0) : 0,
  );

  /** A phone's sheet lies over most of the map: what floats moves from its top to its foot. */
  readonly isCovered: boolean = $derived(!this.isDesk && this.cover.px > innerHeight * 0.6);

  /** Pixels of the map beneath rail, column, sheet and tab bar, by side of the screen. */
  readonly padding: MapPadding = $derived.by(() => {
    const bottom = this.isDesk ? 0 : this.cover.px + this.dock;
    return this.isRightToLeft
      ? { top: 0, left: 0, right: this.side, bottom }
      : { top: 0, left: this.side, right: 0, bottom };
  });

  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.width = Number(storage.getItem(WIDTH_KEPT)) || 400;
  }

  rememberWidth(px: number): void {
    this.#storage.setItem(WIDTH_KEPT, String(Math.round(px)));
  }

  /** Keeps `isDesk` in step with the window; answers how to stop. */
  follow(): () => void {
    const query = matchMedia(DESK);
    const update = () => this.update();
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }

  /** Reads the window once. */
  update(): void {
    this.isDesk = matchMedia(DESK).matches;
    this.isRightToLeft = document.documentElement.dir === 'rtl';
  }
}
