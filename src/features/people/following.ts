/** Keeps names on show up to date: live questions to the city about the people who were read last. */
import type { City } from '#client/city/city.ts';
import * as kinds from '#protocol/kinds.ts';
import { STATUS_NAME } from '#protocol/people/status.ts';

const CHUNK = 100;
/** Live questions at a time; a relay grants few to one connection. */
const MOST_CHUNKS = 3;

interface Chunk {
  readonly authors: readonly string[];
  readonly release: () => void;
}

export class Following {
  readonly #city: Pick<City, 'subscribe'>;
  readonly #followed = new Set<string>();
  readonly #chunks: Chunk[] = [];

  constructor(city: Pick<City, 'subscribe'>) {
    this.#city = city;
  }

  /** Follows these people too; beyond 300, whoever came first is let go. */
  add(pubkeys: readonly string[]): void {
    const fresh = pubkeys.filter((pubkey) => !this.#followed.has(pubkey));
    if (fresh.length === 0) return;
    const last = this.#chunks.at(-1);
    const open = last && last.authors.length < CHUNK ? this.#chunks.pop() : undefined;
    const authors = [...(open?.authors ?? []), ...fresh];
    for (let start = 0; start < authors.length; start += CHUNK)
      this.#follow(authors.slice(start, start + CHUNK));
    open?.release();
    while (this.#chunks.length > MOST_CHUNKS) this.#letGo(this.#chunks.shift());
  }

  stop(): void {
    while (this.#chunks.length > 0) this.#letGo(this.#chunks.pop());
  }

  #follow(authors: readonly string[]): void {
    for (const pubkey of authors) this.#followed.add(pubkey);
    const filters = [
      { kinds: [kinds.PROFILE], authors },
      { kinds: [kinds.STATUS], '#d': [STATUS_NAME], authors },
    ];
    const release = this.#city.subscribe({ filters });
    this.#chunks.push({ authors, release });
  }

  #letGo(chunk: Chunk | undefined): void {
    for (const pubkey of chunk?.authors ?? []) this.#followed.delete(pubkey);
    chunk?.release();
  }
}
