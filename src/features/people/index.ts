/** The door of the people feature for the interface; `projection.ts` is the one for the store. */
export { default as PersonCard } from './PersonCard.svelte';
export { default as PersonMarks } from './marks/PersonMarks.svelte';
export { default as NameLine } from './names/NameLine.svelte';
export { NameChecks } from './names/name-checks.svelte.ts';
export { PeopleBook } from './people.svelte.ts';
export { people } from './tables.ts';
export type { PersonRow } from './tables.ts';
