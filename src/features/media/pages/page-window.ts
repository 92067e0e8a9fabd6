/** Which pages of a long document are drawn: those that are seen and a few around them; the others are blank paper of their size. */

/** Where a page lies in the column, in CSS pixels. */
export interface PageBox {
  readonly top: number;
  readonly height: number;
}

/** What is seen of the column, in CSS pixels. */
export interface Seen {
  readonly top: number;
  readonly height: number;
}

/** Pages that are kept drawn at most; a canvas of a page takes some ten megabytes. */
export const KEPT_MAX = 6;

/** Places of the pages, one below the other; sizes in CSS pixels. */
export const layPages = (heights: readonly number[], gap: number): PageBox[] => {
  let top = gap;
  return heights.map((height) => {
    const box = { top, height };
    top += height + gap;
    return box;
  });
};

/** The page (from 0) that fills the middle of what is seen; 0 where there is none. */
export const pageAt = (boxes: readonly PageBox[], seen: Seen): number => {
  const middle = seen.top + seen.height / 2;
  const below = boxes.findIndex(({ top }) => top > middle);
  return Math.max(0, (below === -1 ? boxes.length : below) - 1);
};

const distance = (box: PageBox, seen: Seen): number =>
  Math.max(0, box.top - (seen.top + seen.height), seen.top - (box.top + box.height));

/** The pages (from 0) to keep drawn, the nearest to the middle first: seen ones and those within one more screen. */
export const keptPages = (boxes: readonly PageBox[], seen: Seen): number[] => {
  const middle = seen.top + seen.height / 2;
  const away = ({ top, height }: PageBox): number => Math.abs(top + height / 2 - middle);
  return boxes
    .map((box, at) => ({ at, box }))
    .filter(({ box }) => distance(box, seen) <= seen.height)
    .sort((a, b) => away(a.box) - away(b.box))
    .slice(0, KEPT_MAX)
    .map(({ at }) => at);
};
