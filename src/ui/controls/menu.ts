/** What a Menu lists, where it opens, and where its keys lead. */
import type { Component } from 'svelte';

/** One thing to do. `checked` makes it a switch of something that is on or off. */
export interface MenuAction {
  readonly label: string;
  readonly onselect: () => void;
  readonly icon?: Component | undefined;
  readonly tone?: 'danger' | undefined;
  readonly disabled?: boolean | undefined;
  readonly checked?: boolean | undefined;
}

/** An action, or a hairline between groups of actions. */
export type MenuItem = MenuAction | 'line';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the list goes, in px from the window's inline start and block start. */
export interface Place {
  readonly inlineStart: number;
  readonly blockStart: number;
}

const GAP = 4;
const MARGIN = 8;

/** Below the button when there is room, else above; moved along until it lies inside the window. */
export function placeMenu(button: Box, list: Size, room: Size, align: 'start' | 'end', rtl: boolean): Place {
  const start = rtl ? room.width - button.right : button.left;
  const end = rtl ? room.width - button.left : button.right;
  const wanted = align === 'start' ? start : end - list.width;
  const below = button.bottom + GAP;
  const fitsBelow = below + list.height + MARGIN <= room.height;
  const above = button.top - GAP - list.height;
  return {
    inlineStart: within(wanted, room.width - list.width),
    blockStart: within(fitsBelow || above < MARGIN ? below : above, room.height - list.height),
  };
}

function within(wanted: number, most: number): number {
  return Math.max(MARGIN, Math.min(wanted, most - MARGIN));
}

/** The index that a key leads to among `count` things in a ring, or undefined when the key means nothing. */
export function ringStep(
  at: number,
  count: number,
  key: string,
  keys: { next: string; back: string },
): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case keys.next:
      return (at + 1) % count;
    case keys.back:
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** The next label, after `at` and around, that begins with the typed letter. */
export function labelStartingWith(labels: readonly string[], at: number, letter: string): number | undefined {
  if (letter.trim().length === 0 || [...letter].length !== 1) return undefined;
  const order = labels.map((_, step) => (at + 1 + step) % labels.length);
  return order.find((index) => labels[index]?.toLocaleLowerCase().startsWith(letter.toLocaleLowerCase()));
}
