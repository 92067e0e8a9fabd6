/** All pictures of what is loaded, in the order of the page: so that the viewer goes on from one line to the next. */
import type { Attachment as ElementAttachment } from 'svelte/attachments';
import type { Attachment } from '#protocol/media/attachments.ts';
import type { FileKey } from '#protocol/media/sealing.ts';

/** A picture, sealed or not. */
type Pictured = Attachment & { readonly key?: FileKey };

/** The pictures of one line. */
export interface Shelf {
  readonly files: readonly Pictured[];
  readonly author: string;
}

/** A picture on the wall. */
export interface Hung {
  readonly file: Pictured;
  readonly author: string;
  /** Where it is drawn small, if it is. */
  readonly tile: HTMLElement | undefined;
}

const shelves = new Map<HTMLElement, () => Shelf>();

/** Hangs the pictures of an element for as long as it is there. */
export const gallery =
  (shelf: () => Shelf): ElementAttachment<HTMLElement> =>
  (element) => {
    shelves.set(element, shelf);
    return () => void shelves.delete(element);
  };

const isBefore = (a: Node, b: Node): boolean =>
  (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

/** What is hung in the same list as the element, in the order of the page. */
export const hungAround = (element: HTMLElement): Hung[] => {
  const wall = element.closest('[role=log], [data-wall]') ?? document.body;
  return [...shelves]
    .filter(([one]) => wall.contains(one))
    .sort(([a], [b]) => (isBefore(a, b) ? -1 : 1))
    .flatMap(([one, shelf]) => {
      const { files, author } = shelf();
      const tiles = [...one.querySelectorAll<HTMLElement>('button')];
      return files.map((file, at): Hung => ({ file, author, tile: tiles[at] }));
    });
};
