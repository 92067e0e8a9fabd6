/** The conversation of a place: lines, threads, reactions, composer. */
export { default as Conversation } from './view/Conversation.svelte';
export { default as Thread } from './view/Thread.svelte';
export { conversations } from './rows/tables.ts';
export type { ConversationRow } from './rows/tables.ts';
export { previewText } from './text/mentions.ts';
