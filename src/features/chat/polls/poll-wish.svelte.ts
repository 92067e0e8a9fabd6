/** Where somebody wants to ask something: the composer's button and commands say it, the conversation shows the form. */
let wanted = $state<string>();

/** Opens the form for a new poll in a conversation that is open. */
export const openPollMaker = (conversation: string): void => {
  wanted = conversation;
};

/** Puts the form away. */
export const closePollMaker = (): void => {
  wanted = undefined;
};

/** Reactive: true while a poll is being made there. */
export const makesPoll = (conversation: string): boolean => wanted === conversation;
