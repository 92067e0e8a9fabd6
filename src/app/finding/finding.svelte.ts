/** What finding remembers while the page lives: the search as it was left, where one was last. In memory only. */
import { createContext } from 'svelte';
import type { SearchController } from '#features/finding/index.ts';
import { SingleLetters } from './single-letters.svelte.ts';
import { Visits } from './visits.ts';

export class Finding {
  /** The quick switcher is open. */
  isSwitching = $state(false);
  /** The list of keys is open. */
  isListingKeys = $state(false);
  readonly letters = new SingleLetters(localStorage);
  readonly visits = new Visits();
  /** Made with the first search. */
  search: SearchController | undefined;
  /** Puts the caret into the search; undefined where it does not show. */
  focusSearch: (() => void) | undefined;
}

export const [useFinding, provideFinding] = createContext<Finding>();
