/** People to people: a private talk's head, and the list of talks. */
export { default as BlockedBar } from './BlockedBar.svelte';
export { default as RequestBar } from './RequestBar.svelte';
export { default as RequestsLink } from './RequestsLink.svelte';
export { default as TalkHeader } from './TalkHeader.svelte';
export { default as TalkList } from './TalkList.svelte';
export { talkSummaries } from './talk-summary.ts';
