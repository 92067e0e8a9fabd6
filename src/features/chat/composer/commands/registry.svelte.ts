/** Slash commands: what may stand at the beginning of a line. Whoever brings one along adds it here. */
import { getContext, setContext } from 'svelte';

/** What came of a command. */
export type Outcome =
  /** Sent in its place, as if it had been written. */
  | { readonly say: string }
  /** Stands in the field afterwards; nothing is sent. */
  | { readonly write: string }
  /** Done; the field is empty again. `done`: what the person is told of it, if anything. */
  | { readonly done: string }
  /** Not done, and why; what was written stays. */
  | { readonly trouble: string };

/** Where a command was given. */
export interface CommandGround {
  /** The group or private talk. */
  readonly conversation: string;
}

export interface SlashCommand {
  /** Without the slash: lower-case letters, digits, hyphens. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly words: string;
  /** What follows it, in a word or two; absent for nothing. */
  readonly takes?: string | undefined;
  /** `rest`: what follows the name, without white space around it. */
  run(rest: string, ground: CommandGround): Outcome | Promise<Outcome>;
}

const NAME = /^[a-z][a-z0-9-]{0,23}$/;

/** The commands of a page. */
export class Commands {
  #all = $state.raw<readonly SlashCommand[]>([]);

  constructor(commands: readonly SlashCommand[] = []) {
    for (const command of commands) this.add(command);
  }

  /** Adds one; answers how to take it away. A name that is taken, or is none, is a mistake of whoever adds it. */
  add(command: SlashCommand): () => void {
    if (!NAME.test(command.name)) throw new TypeError(`no name of a command: ${command.name}`);
    if (this.of(command.name)) throw new TypeError(`there is a command ${command.name} already`);
    this.#all = [...this.#all, command].sort((a, b) => (a.name < b.name ? -1 : 1));
    return () => (this.#all = this.#all.filter((one) => one !== command));
  }

  of(name: string): SlashCommand | undefined {
    return this.#all.find((command) => command.name === name.toLowerCase());
  }

  /** Those that begin so, by name. */
  find(beginning: string): readonly SlashCommand[] {
    return this.#all.filter(({ name }) => name.startsWith(beginning.toLowerCase()));
  }
}

const KEY = Symbol('slash commands');

/** Hands them to every composer beneath. */
export const provideCommands = (commands: Commands): Commands => setContext(KEY, commands);

/** Undefined where nobody handed them down: a slash is then a sign like others. */
export const useCommands = (): Commands | undefined => getContext<Commands | undefined>(KEY);
