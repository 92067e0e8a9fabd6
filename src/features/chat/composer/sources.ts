/** Who knows what may follow which sign in a composer. */
import { m } from '#messages/paraglide/messages.js';
import { mentionQuery } from '../text/mentions.ts';
import { commandBegun } from './commands/reading.ts';
import type { Commands } from './commands/registry.svelte.ts';
import type { Choice, Source } from './completing.svelte.ts';
import type { Field } from './field.svelte.ts';

interface Person {
  readonly pubkey: string;
  readonly name: string;
}

/** Names after `@`. */
export const peopleSource = (field: Field, search: (words: string) => readonly Person[]): Source => ({
  label: m.chat_mention_list(),
  look: mentionQuery,
  find: (words) => search(words).map(({ pubkey, name }): Choice => ({ key: pubkey, label: name, pubkey })),
  take: ({ key, label }, { from }) => field.mention({ pubkey: key, name: label }, from),
});

/** Commands after the slash that begins a line; none once it is wholly written. */
export const commandSource = (field: Field, commands: Commands): Source => ({
  label: m.chat_command_list(),
  look: (text, caret) => {
    const query = commandBegun(text, caret);
    return query === undefined || commands.of(query) ? undefined : { from: 0, query };
  },
  find: (beginning) =>
    commands.find(beginning).map(({ name, takes, words }): Choice => ({
      key: name,
      label: takes === undefined ? `/${name}` : `/${name} ${takes}`,
      detail: words,
      sign: '/',
    })),
  take: ({ key }, { from }) => field.replace(from, `/${key} `),
});
