/** Commands that lead out of a conversation: the search, and silence. */
import { builtInCommands, Commands } from '#features/chat/index.ts';
import type { SlashCommand } from '#features/chat/index.ts';
import { searchAddress } from '#features/finding/index.ts';
import type { Notices } from '#features/notifications/index.ts';
import { FOR_GOOD } from '#client/wake/wants.ts';
import { m } from '#messages/paraglide/messages.js';

interface Ground {
  readonly notices: Pick<Notices, 'mute'>;
  readonly go: (address: string) => unknown;
}

const outward = ({ notices, go }: Ground): readonly SlashCommand[] => [
  {
    name: 'search',
    words: m.chat_command_search(),
    takes: m.chat_command_search_takes(),
    run: (text, { conversation: place }) => {
      go(searchAddress({ text, place }));
      return { done: '' };
    },
  },
  {
    name: 'mute',
    words: m.chat_command_mute(),
    run: async (_rest, { conversation }) => {
      await notices.mute(conversation, FOR_GOOD);
      return { done: m.chat_command_muted() };
    },
  },
  {
    name: 'unmute',
    words: m.chat_command_unmute(),
    run: async (_rest, { conversation }) => {
      await notices.mute(conversation, 0);
      return { done: m.chat_command_unmuted() };
    },
  },
];

/** All that may follow a slash in this app. */
export const makeCommands = (ground: Ground): Commands =>
  new Commands([...builtInCommands(), ...outward(ground)]);
