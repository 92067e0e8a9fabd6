/** What the form of a place asks of whoever knows pictures: features never meet, so the app hands the field in. */
import type { Snippet } from 'svelte';

interface PictureWish {
  /** The place's id: its arms stand where no picture is. */
  readonly seed: string;
  /** Undefined: none. */
  readonly url: string | undefined;
  readonly onchange: (url: string | undefined) => void;
}

export type PictureSnippet = Snippet<[PictureWish]>;
