/** Sharing's door: what other apps hand over, shown and made into the words of a draft. */
export { default as SharedThings } from './SharedThings.svelte';
export { default as ToPeople } from './ToPeople.svelte';
export { shareText, withShared } from './share-text.ts';
