/** What I alone know of people: whom I have verified, and my notes. Sealed to myself, the same on all my devices. */
import type { City } from '#client/city/city.ts';
import type { OwnValues } from '#client/own-values/own-values.ts';
import { ownValues, valuesOf } from '#client/own-values/tables.ts';
import { Live } from '#ui/live.svelte.ts';

export const NOTE_MAX = 1_000;
const verifiedKey = (pubkey: string): string => `verified:${pubkey}`;
const noteKey = (pubkey: string): string => `note:${pubkey}`;

export class OwnPeople {
  readonly #values: Pick<OwnValues, 'set'>;
  readonly #live: Live<ReadonlyMap<string, string>>;

  constructor(city: Pick<City, 'part' | 'watch'>, values: Pick<OwnValues, 'set'>) {
    this.#values = values;
    this.#live = new Live(
      async () => {
        return valuesOf(await city.part(ownValues, { part: 'people' }));
      },
      (changed) => city.watch([{ table: ownValues.name, part: 'people' }], changed),
    );
  }

  /** True for somebody whose safety number was compared. Reactive. */
  isVerified(pubkey: string): boolean {
    return this.#live.value?.has(verifiedKey(pubkey)) === true;
  }

  /** The number that was compared; undefined: none was. Reactive. */
  verifiedNumber(pubkey: string): string | undefined {
    return this.#live.value?.get(verifiedKey(pubkey));
  }

  /** Notes that a safety number was compared; undefined takes that back. */
  verify(pubkey: string, number: string | undefined): Promise<void> {
    return this.#values.set('people', verifiedKey(pubkey), number);
  }

  /** What I noted about somebody. Reactive. */
  note(pubkey: string): string {
    return this.#live.value?.get(noteKey(pubkey)) ?? '';
  }

  /** Notes something, at most `NOTE_MAX` characters; nothing at all takes it away. */
  setNote(pubkey: string, text: string): Promise<void> {
    const kept = Array.from(text.trim()).slice(0, NOTE_MAX).join('');
    return this.#values.set('people', noteKey(pubkey), kept === '' ? undefined : kept);
  }

  /** Stops watching. */
  stop(): void {
    this.#live.stop();
  }
}
