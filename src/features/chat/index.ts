/** The conversation of a place: lines, threads, reactions, composer. */
export { default as Conversation } from './view/Conversation.svelte';
export { default as Thread } from './view/Thread.svelte';
export { default as KeepTalk } from './keep/KeepTalk.svelte';
export { default as PutAway } from './keep/PutAway.svelte';
export { TalkKeeper } from './keep/talk-keeper.svelte.ts';
export { sealedFileOf, wordsOfLine } from './rows/files.ts';
export { heardLines } from './rows/receipts.ts';
export { conversations, lines } from './rows/tables.ts';
export { provideChatMedia } from './files/media-port.ts';
export { provideLinkCards } from './previews/card-port.ts';
export { LinkCard } from './previews/link-card.svelte.ts';
export type { FileTray } from './files/media-port.ts';
export type { ConversationRow, LineRow } from './rows/tables.ts';
export { repairWords, troubleWords } from './timeline/refusal-words.ts';
export { fileWords, linePreview } from './text/preview.ts';
export { wholeText } from './text/mentions.ts';
