/**
 * Words between the processes of one city: at most once, in no certain order. What must not be lost lies in the database;
 * here it is only said that it is there.
 */

/**
 * `stored`: there is something new in the sequence of events · `passing`: an ephemeral event, as JSON · `devices`: who wants
 * to be woken has changed · `rules`: who may do what has changed.
 */
export type Topic = 'stored' | 'passing' | 'devices' | 'rules';

export const TOPICS: readonly Topic[] = ['stored', 'passing', 'devices', 'rules'];

export interface Bus {
  /** Tells the other processes. Never throws: a word that could not be said is lost. */
  publish(topic: Topic, text?: string): void;
  /** Hears the others' words, never one's own. */
  subscribe(topic: Topic, hear: (text: string) => void): void;
  /** Hears that words may have been lost: the line was cut and is there again. */
  onGap(hear: () => void): void;
  /** True while words get through. */
  isOpen(): boolean;
  close(): Promise<void>;
}

/** One process alone: nobody to tell. */
export const silentBus: Bus = {
  publish: () => undefined,
  subscribe: () => undefined,
  onGap: () => undefined,
  isOpen: () => true,
  close: () => Promise.resolve(),
};

/** The hearers of a bus, and the words of one process told from those of the others by a name in front. */
export class Hearers {
  readonly #name: string;
  #byTopic = new Map<string, ((text: string) => void)[]>();
  #ofGaps: (() => void)[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  add(topic: Topic, hear: (text: string) => void): void {
    this.#byTopic.set(topic, [...(this.#byTopic.get(topic) ?? []), hear]);
  }

  addOfGaps(hear: () => void): void {
    this.#ofGaps.push(hear);
  }

  /** A word with its sender's name. */
  address(text: string): string {
    return `${this.#name} ${text}`;
  }

  /** Gives a word to whoever hears its topic, unless it is one's own. */
  give(topic: string, addressed: string): void {
    const space = addressed.indexOf(' ');
    if (space < 0 || addressed.slice(0, space) === this.#name) return;
    for (const hear of this.#byTopic.get(topic) ?? []) hear(addressed.slice(space + 1));
  }

  giveGap(): void {
    for (const hear of this.#ofGaps) hear();
  }
}
