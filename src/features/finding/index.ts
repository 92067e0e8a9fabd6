/** Finding's door: the search through everything, and the way anywhere by a few letters. */
export { default as SearchPanel } from './search/SearchPanel.svelte';
export { SearchController } from './search/search.svelte.ts';
export { foundTable } from './search/found.ts';
export { parseSearchAddress, searchAddress } from './search/question.ts';
export { NameFinder } from './match/name-finder.ts';
export type { Found, FoundTable } from './search/found.ts';
export type { Choice, Names } from './search/names.ts';
export { default as QuickSwitcher } from './switch/QuickSwitcher.svelte';
export type { Command, SwitchTarget, Visit } from './switch/entries.ts';
