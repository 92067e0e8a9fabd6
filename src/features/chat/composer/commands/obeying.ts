/** Doing what a line that begins with a slash asks for, before anything is sent. */
import { m } from '#messages/paraglide/messages.js';
import { readLine } from './reading.ts';
import type { CommandGround, Commands, Outcome } from './registry.svelte.ts';

/** What is to become of a field's text. Unknown commands are said; one that breaks sends nothing either. */
export const obey = async (
  text: string,
  commands: Commands | undefined,
  ground: CommandGround,
): Promise<Outcome> => {
  const read = commands ? readLine(text) : { words: text };
  if ('words' in read) return { say: read.words };
  const command = commands?.of(read.name);
  if (!command) return { trouble: m.chat_command_unknown({ name: read.name }) };
  try {
    return await command.run(read.rest, ground);
  } catch (fault) {
    console.error(fault);
    return { trouble: m.chat_command_broke({ name: read.name }) };
  }
};
