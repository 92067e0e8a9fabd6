/** Where people receive sealed messages (kind 10050); what is written to somebody before that is known waits here. */
import { INBOX_RELAYS } from '#protocol/kinds.ts';
import type { City } from '../city/city.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { held, inboxes, letters } from './tables.ts';

type InboxCity = Pick<City, 'relay' | 'all' | 'part' | 'get' | 'getMany' | 'watch' | 'fetch' | 'record'>;

/** Relays where somebody publishes beyond the city. */
export type Homes = (person: string) => Promise<readonly string[]>;

export class InboxBook {
  readonly #city: InboxCity;
  readonly #homes: Homes;
  readonly #asked = new Set<string>();
  #isReleasing = false;

  constructor(city: InboxCity, homes: Homes = () => Promise.resolve([])) {
    this.#city = city;
    this.#homes = homes;
  }

  /** The relays where a person receives; undefined: it is not known. A place without encryption on the way is no inbox, unless it is home. */
  async of(person: string): Promise<readonly string[] | undefined> {
    const { relay } = this.#city;
    const row = await this.#city.get(inboxes, person);
    const usable = row?.relays.filter((one) => one.startsWith('wss:') || one === relay) ?? [];
    return usable.length > 0 ? usable : undefined;
  }

  /** Asks the city where these people receive, and their own relays for whom it does not know: once while the page lives, again after it could not be asked. */
  async seek(people: readonly string[]): Promise<void> {
    const unknown = people.filter((person) => !this.#asked.has(person));
    if (unknown.length === 0) return;
    unknown.forEach((person) => this.#asked.add(person));
    const answer = await this.#city.fetch({ filters: [{ kinds: [INBOX_RELAYS], authors: unknown }] });
    if (!answer.ok) unknown.forEach((person) => this.#asked.delete(person));
    await Promise.all(unknown.map((person) => this.#seekAway(person)));
  }

  async #seekAway(person: string): Promise<void> {
    if (await this.#city.get(inboxes, person)) return;
    const filters = [{ kinds: [INBOX_RELAYS], authors: [person] }];
    for (const relay of await this.#homes(person)) await this.#city.fetch({ relay, filters });
  }

  /** Sends what is held as soon as it is known where to. Returns the way to stop. */
  follow(): () => void {
    const stop = this.#city.watch(
      [{ table: inboxes.name }, { table: held.name }],
      () => void this.#release(),
    );
    void this.#release();
    return stop;
  }

  async #release(): Promise<void> {
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    try {
      const waiting = await this.#city.all(held);
      if (waiting.length === 0) return;
      void this.seek([...new Set(waiting.map(({ to }) => to))]);
      const released: LocalEvent[] = [];
      for (const { id, to } of waiting) {
        const [relays, letter] = [await this.of(to), await this.#city.get(letters, id)];
        if (relays && letter?.wrap) released.push({ type: 'EventSigned', v: 1, event: letter.wrap, relays });
      }
      if (released.length > 0) await this.#city.record(...released);
    } finally {
      this.#isReleasing = false;
    }
  }
}
