/** The door of the people feature for the interface; `projection.ts` is the one for the store. */
export { default as PersonCard } from './PersonCard.svelte';
export { PeopleBook } from './people.svelte.ts';
export { people } from './tables.ts';
export type { PersonRow } from './tables.ts';
