/** Commands that every conversation has. */
import { m } from '#messages/paraglide/messages.js';
import { openPollMaker } from '../../polls/poll-wish.svelte.ts';
import type { SlashCommand } from './registry.svelte.ts';

const SHRUG = '¯\\_(ツ)_/¯';

/** `/me`, `/shrug`, `/poll`, `/help`. */
export const builtInCommands = (): readonly SlashCommand[] => [
  {
    name: 'me',
    words: m.chat_command_me(),
    takes: m.chat_command_me_takes(),
    run: (rest) => (rest === '' ? { trouble: m.chat_command_me_empty() } : { say: `/me ${rest}` }),
  },
  {
    name: 'shrug',
    words: m.chat_command_shrug(),
    takes: m.chat_command_shrug_takes(),
    run: (rest) => ({ say: rest === '' ? SHRUG : `${rest} ${SHRUG}` }),
  },
  {
    name: 'poll',
    words: m.chat_command_poll(),
    run: (_rest, { conversation }) => {
      openPollMaker(conversation);
      return { done: '' };
    },
  },
  // The list of what begins with a slash is the help.
  { name: 'help', words: m.chat_command_help(), run: () => ({ write: '/' }) },
];
