/** People to people: a private talk's head, and the list of talks. */
export { default as TalkHeader } from './TalkHeader.svelte';
export { default as TalkList } from './TalkList.svelte';
export { talkSummaries } from './talk-summary.ts';
