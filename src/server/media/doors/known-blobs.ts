/** What is known of files that are asked for again and again: for moments, so that other processes' deeds are seen. */
import type { Clock } from '#shared/time.ts';
import type { Blob, BlobBook, Gone } from '../book/book.ts';

const MOMENT_MS = 2000;
const MOST = 5000;

export class KnownBlobs {
  readonly #book: BlobBook;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly blob: Blob; readonly until: number }>();

  constructor(book: BlobBook, clock: Clock) {
    this.#book = book;
    this.#clock = clock;
  }

  /** As the book says, or said a moment ago. Throws on I/O. */
  async find(hash: string): Promise<Blob | Gone | undefined> {
    const now = this.#clock.now();
    const known = this.#known.get(hash);
    const isFresh = known !== undefined && known.until > Date.now();
    if (isFresh && (known.blob.expires ?? Infinity) > now) return known.blob;
    const found = await this.#book.find(hash, now);
    if (typeof found === 'object') this.#remember(hash, found);
    else this.#known.delete(hash);
    return found;
  }

  forget(hash: string): void {
    this.#known.delete(hash);
  }

  #remember(hash: string, blob: Blob): void {
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(hash, { blob, until: Date.now() + MOMENT_MS });
  }
}
