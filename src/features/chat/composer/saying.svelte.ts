/** What is to be said of what stands in a field: commands are done first, and what came of them is told. */
import { obey } from './commands/obeying.ts';
import type { CommandGround, Commands } from './commands/registry.svelte.ts';

export class Saying {
  /** Shown under the field until it changes. */
  told = $state.raw<{ readonly words: string; readonly isTrouble: boolean }>();
  readonly #commands: Commands | undefined;
  readonly #write: (text: string) => Promise<void>;

  /** `write`: puts text into the field, and resolves once it stands there. */
  constructor(commands: Commands | undefined, write: (text: string) => Promise<void>) {
    this.#commands = commands;
    this.#write = write;
  }

  tell(words: string, isTrouble = true): void {
    this.told = words === '' ? undefined : { words, isTrouble };
  }

  /** The words to send; undefined where a command needs none, or nobody knows it. */
  async wordsOf(text: string, ground: CommandGround): Promise<string | undefined> {
    this.told = undefined;
    const outcome = await obey(text, this.#commands, ground);
    if ('say' in outcome) return outcome.say;
    if ('trouble' in outcome) this.tell(outcome.trouble);
    else {
      await this.#write('write' in outcome ? outcome.write : '');
      this.tell('done' in outcome ? outcome.done : '', false);
    }
    return undefined;
  }
}
