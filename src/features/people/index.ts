/** The door of the people feature for the interface; `projection.ts` is the one for the store. */
export { default as PersonCard } from './PersonCard.svelte';
export { default as PersonMarks } from './marks/PersonMarks.svelte';
export { default as FindPerson } from './adding/FindPerson.svelte';
export { default as ScanCode } from './adding/ScanCode.svelte';
export { default as MyCard } from './card/MyCard.svelte';
export { homesOf } from './homes.ts';
export { OwnPeople } from './own/own-people.svelte.ts';
export { default as PrivateNote } from './own/PrivateNote.svelte';
export { default as SafetyNumber } from './safety/SafetyNumber.svelte';
export { default as StatusForm } from './status/StatusForm.svelte';
export { default as NameLine } from './names/NameLine.svelte';
export { NameChecks } from './names/name-checks.svelte.ts';
export { PeopleBook } from './people.svelte.ts';
export { people } from './tables.ts';
export type { PersonRow } from './tables.ts';
