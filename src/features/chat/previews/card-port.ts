/** What a composer asks of whoever can look at pages: the app hands it down. */
import { getContext, setContext } from 'svelte';
import type { LinkCard } from './link-card.svelte.ts';

export interface LinkCards {
  /** The card over one composer; it outlives the conversation that is shown, not the page. */
  of(place: string): LinkCard;
}

const KEY = Symbol('link cards');

/** Hands it to every conversation beneath. */
export const provideLinkCards = (cards: LinkCards): LinkCards => setContext(KEY, cards);

/** Undefined where nobody handed it down: addresses then leave as they are. */
export const useLinkCards = (): LinkCards | undefined => getContext<LinkCards | undefined>(KEY);
