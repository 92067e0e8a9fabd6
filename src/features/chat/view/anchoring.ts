/** Keeping what is read where it is, while lines come and go around it. */

/** The lines in sight and their distances from the scroller's top (px), the first line first. */
type Anchor = readonly { readonly id: string; readonly top: number }[];

const lineElements = (scroller: HTMLElement): HTMLElement[] => [
  ...scroller.querySelectorAll<HTMLElement>('[data-line]'),
];

/** The element of a line, where it is drawn. */
export const lineElement = (scroller: HTMLElement, id: string): HTMLElement | undefined =>
  lineElements(scroller).find((element) => element.dataset['line'] === id);

/** Where the lines in sight stand. */
const captureAnchor = (scroller: HTMLElement): Anchor => {
  const sight = scroller.getBoundingClientRect();
  const anchor: { id: string; top: number }[] = [];
  for (const element of lineElements(scroller)) {
    const box = element.getBoundingClientRect();
    if (box.top >= sight.bottom) break;
    const id = element.dataset['line'];
    if (box.bottom > sight.top && id !== undefined) anchor.push({ id, top: box.top - sight.top });
  }
  return anchor;
};

/** Scrolls so that the first line that was in sight, or the next that is still there, stands where it should. */
const restoreAnchor = (scroller: HTMLElement, anchor: Anchor, scrolledBy: number): void => {
  const there = new Map(lineElements(scroller).map((element) => [element.dataset['line'], element]));
  const kept = anchor.find(({ id }) => there.has(id));
  const element = kept && there.get(kept.id);
  if (!kept || !element) return;
  const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const moved = top + scrolledBy - kept.top;
  if (Math.abs(moved) >= 0.5) scroller.scrollTop += moved;
};

/** What is read stays where it is, whatever comes, goes or grows around it. */
export class Anchorage {
  #anchor: Anchor = [];
  #scrollTop = 0;

  /** The lines in sight now are to be held. */
  drop(scroller: HTMLElement): void {
    this.#anchor = captureAnchor(scroller);
    this.#scrollTop = scroller.scrollTop;
  }

  /**
   * Makes good what has changed since; scrolling meanwhile stays scrolling. A frame may bring both, so nobody may simply take the
   * place anew when the scroller tells that it moved.
   */
  hold(scroller: HTMLElement): void {
    const scrolledBy = scroller.scrollTop - this.#scrollTop;
    // Who is far away by now does not mind what grew between.
    if (Math.abs(scrolledBy) < scroller.clientHeight) restoreAnchor(scroller, this.#anchor, scrolledBy);
    this.drop(scroller);
  }

  /** The same where nobody can have scrolled: a scroller that moved was cut short by its shrinking content. */
  restore(scroller: HTMLElement): void {
    restoreAnchor(scroller, this.#anchor, 0);
    this.drop(scroller);
  }
}

/** The first line that is in sight. */
export const firstInSight = (scroller: HTMLElement): string | undefined => captureAnchor(scroller)[0]?.id;

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
