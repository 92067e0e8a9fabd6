/** Learns who is in the places that are listed, a screenful at a time: the city's metadata does not say. */
import type { City } from '#client/city/city.ts';
import { GROUP_ADMINS, GROUP_MEMBERS } from '#protocol/kinds.ts';

const REST_MS = 500;
const MOST = 60;

/** Remembers what was asked; asks once the map has come to rest. */
export class CompanyInView {
  readonly #city: Pick<City, 'fetch' | 'relayKey'>;
  readonly #asked = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(city: Pick<City, 'fetch' | 'relayKey'>) {
    this.#city = city;
  }

  /** The places in view now. */
  show(ids: readonly string[]): void {
    clearTimeout(this.#timer);
    const unknown = ids.filter((id) => !this.#asked.has(id)).slice(0, MOST);
    if (unknown.length > 0) this.#timer = setTimeout(() => void this.#ask(unknown), REST_MS);
  }

  async #ask(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#asked.add(id);
    const answer = await this.#city.fetch({
      filters: [{ kinds: [GROUP_ADMINS, GROUP_MEMBERS], authors: [this.#city.relayKey], '#d': ids }],
    });
    if (!answer.ok) for (const id of ids) this.#asked.delete(id);
  }
}
