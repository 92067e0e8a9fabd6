/** Putting away on this device what was said in a place, and having it back within thirty days. */
import type { City } from '#client/city/city.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { conversations } from '../rows/tables.ts';

/** What is put away is on this device only: other devices and people keep what they have. */
export class PuttingAway {
  /** Unix seconds up to which lines are put away; undefined for none, and until it is known. */
  upTo = $state.raw<number | undefined>();
  /** Lines that could be put away. */
  lines = $state.raw(0);
  readonly #city: Pick<City, 'get' | 'watch' | 'record'>;
  readonly #group: string;
  readonly #clock: Clock;

  constructor(city: Pick<City, 'get' | 'watch' | 'record'>, group: string, clock: Clock = systemClock) {
    this.#city = city;
    this.#group = group;
    this.#clock = clock;
  }

  /** Follows the conversation; answers how to stop. */
  start(): () => void {
    const read = async (): Promise<void> => {
      const row = await this.#city.get(conversations, this.#group);
      this.upTo = row?.clearedUpTo;
      this.lines = row?.lines ?? 0;
    };
    void read();
    return this.#city.watch([{ table: conversations.name }], () => void read());
  }

  /** Puts away everything said until now. */
  putAway(): Promise<void> {
    const at = this.#clock.now();
    return this.#city.record({ type: 'ConversationCleared', v: 1, conversation: this.#group, upTo: at, at });
  }

  /** Brings back what was put away, as far as its thirty days are not over. */
  bringBack(): Promise<void> {
    return this.#city.record({ type: 'ConversationRestored', v: 1, conversation: this.#group });
  }
}
