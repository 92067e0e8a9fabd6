/** Keeping people near and away: contacts, muting, blocking, reporting. */
export { default as MutePlace } from './MutePlace.svelte';
export { default as PersonDeeds } from './PersonDeeds.svelte';
export { default as ReportDialog } from './ReportDialog.svelte';
export { default as ShunnedPage } from './ShunnedPage.svelte';
export { listTrouble } from './words.ts';
