/** What of the person's own lies in the city: asked for when they want to see it, taken back when they say so. */
import type { MediaDesk } from '#client/media/media.ts';
import type { BlobDescriptor } from '#protocol/media/blossom.ts';

type Desk = Pick<MediaDesk, 'list' | 'remove'>;

export class SentFiles {
  /** `closed`: not asked yet. */
  state = $state<'closed' | 'asking' | 'open' | 'failed'>('closed');
  files = $state.raw<readonly BlobDescriptor[]>([]);
  /** Why the list could not be had, or a file not be taken back. */
  words = $state('');
  /** Hashes of those that are being taken back. */
  leaving = $state.raw<readonly string[]>([]);
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Bytes of all of them. */
  get bytes(): number {
    return this.files.reduce((sum, { size }) => sum + size, 0);
  }

  async open(): Promise<void> {
    if (this.state === 'asking') return;
    this.state = 'asking';
    this.words = '';
    const listed = await this.#desk.list();
    this.files = listed.ok ? listed.value : [];
    this.words = listed.ok ? '' : listed.error.message;
    this.state = listed.ok ? 'open' : 'failed';
  }

  /** It stays in the list where the city did not take it back, and `words` says why. */
  async remove({ sha256 }: BlobDescriptor): Promise<void> {
    if (this.leaving.includes(sha256)) return;
    this.leaving = [...this.leaving, sha256];
    this.words = '';
    const removed = await this.#desk.remove(sha256);
    this.leaving = this.leaving.filter((hash) => hash !== sha256);
    if (removed.ok) this.files = this.files.filter((file) => file.sha256 !== sha256);
    else this.words = removed.error.message;
  }
}
