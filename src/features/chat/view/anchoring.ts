/** Keeping what is read where it is, while lines come and go around it. */

/** A line in sight and its distance from the scroller's top; px. */
export interface Anchor {
  readonly id: string;
  readonly top: number;
}

const lineElements = (scroller: HTMLElement): HTMLElement[] => [
  ...scroller.querySelectorAll<HTMLElement>('[data-line]'),
];

/** The element of a line, where it is drawn. */
export const lineElement = (scroller: HTMLElement, id: string): HTMLElement | undefined =>
  lineElements(scroller).find((element) => element.dataset['line'] === id);

/** The first line that is in sight. */
export const captureAnchor = (scroller: HTMLElement): Anchor | undefined => {
  const top = scroller.getBoundingClientRect().top;
  for (const element of lineElements(scroller)) {
    const box = element.getBoundingClientRect();
    const id = element.dataset['line'];
    if (box.bottom > top && id !== undefined) return { id, top: box.top - top };
  }
  return undefined;
};

/** Scrolls so that the anchor stands where it stood; a line that is gone changes nothing. */
export const restoreAnchor = (scroller: HTMLElement, anchor: Anchor | undefined): void => {
  const element = anchor && lineElement(scroller, anchor.id);
  if (!element) return;
  const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const moved = top - anchor.top;
  if (Math.abs(moved) >= 0.5) scroller.scrollTop += moved;
};

/** The last line that is wholly in sight. */
export const lastInSight = (scroller: HTMLElement): string | undefined => {
  const { bottom } = scroller.getBoundingClientRect();
  return lineElements(scroller).findLast((element) => element.getBoundingClientRect().bottom <= bottom + 1)
    ?.dataset['line'];
};

/** Ids of the lines in sight, and of those within `margin` px of it. */
export const idsInSight = (scroller: HTMLElement, margin = 800): Set<string> => {
  const sight = scroller.getBoundingClientRect();
  const ids = new Set<string>();
  for (const element of lineElements(scroller)) {
    const box = element.getBoundingClientRect();
    const id = element.dataset['line'];
    if (id !== undefined && box.bottom > sight.top - margin && box.top < sight.bottom + margin) ids.add(id);
  }
  return ids;
};

/** Distance from the end; px. */
export const distanceToEnd = (scroller: HTMLElement): number =>
  scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
