/** Media's door for its worker. */
export { answerPreparing } from './prepare/answering.ts';
export { prepare } from './prepare/prepare.ts';
export type { ToPreparing } from './prepare/messages.ts';
