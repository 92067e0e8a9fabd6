/** Keeps the wake card as the page knows things now; writes only the records that changed. */
import { CARD_PREFIX, cardRecords, FIXED } from './card.ts';
import type { WakeCard } from './card.ts';

export type WriteNote = (name: string, value: unknown) => Promise<void>;

export class CardKeeper {
  readonly #write: WriteNote;
  /** What lies on the disk, as JSON; undefined values: nothing does. */
  readonly #written = new Map<string, string>();
  #last: Promise<void> = Promise.resolve();

  /** `write` takes undefined for a record that is to go. */
  constructor(write: WriteNote) {
    this.#write = write;
  }

  /** Writes what differs from the card before; one after the other. */
  keep(card: WakeCard): Promise<void> {
    return this.#after(cardRecords(card));
  }

  /** Nothing is to be known any more. */
  clear(): Promise<void> {
    // An earlier page may have written them; without a head the rest says nothing.
    for (const name of FIXED) if (!this.#written.has(name)) this.#written.set(name, '');
    return this.#after(new Map());
  }

  #after(records: ReadonlyMap<string, unknown>): Promise<void> {
    const mine = this.#last.then(() => this.#put(records));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #put(records: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [name, value] of records) {
      const json = JSON.stringify(value);
      if (this.#written.get(name) === json) continue;
      await this.#write(CARD_PREFIX + name, value);
      this.#written.set(name, json);
    }
    for (const name of [...this.#written.keys()].filter((known) => !records.has(known))) {
      await this.#write(CARD_PREFIX + name, undefined);
      this.#written.delete(name);
    }
  }
}
