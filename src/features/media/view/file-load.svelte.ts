/** One thing being loaded for the eye: its address in this page, how far it is, why it failed. */
import type { LoadOptions } from '#client/media/loading/loader.ts';
import type { Loaded, LoadFailure } from '#client/media/loading/source.ts';

type Load = (options: LoadOptions) => Promise<Loaded<Blob>>;

/** Makes and takes back addresses of bytes in this page. */
export interface Addresses {
  make(blob: Blob): string;
  revoke(url: string): void;
}

const pageAddresses: Addresses = {
  make: (blob) => URL.createObjectURL(blob),
  revoke: (url) => URL.revokeObjectURL(url),
};

export class FileLoad {
  /** A `blob:` address; undefined until the bytes are here and were verified. */
  url = $state<string>();
  trouble = $state.raw<LoadFailure>();
  isLoading = $state(false);
  /** 0…1; undefined while nobody knows. */
  progress = $state<number>();
  readonly #load: Load;
  readonly #addresses: Addresses;
  #stop: AbortController | undefined;
  #blob: Blob | undefined;

  constructor(load: Load, addresses = pageAddresses) {
    this.#load = load;
    this.#addresses = addresses;
  }

  /** Begins, unless it is here, under way, or has failed. Resolves with the bytes. */
  async start(): Promise<Blob | undefined> {
    if (this.#blob || this.isLoading || this.trouble) return this.#blob;
    const stop = new AbortController();
    this.#stop = stop;
    this.isLoading = true;
    this.progress = undefined;
    const found = await this.#load({
      signal: stop.signal,
      onprogress: (received, total) => {
        if (total && !stop.signal.aborted) this.progress = Math.min(1, received / total);
      },
    });
    if (this.#stop !== stop) return undefined;
    this.#stop = undefined;
    this.isLoading = false;
    if (!found.ok) {
      if (found.error.code !== 'stopped') this.trouble = found.error;
      return undefined;
    }
    this.#blob = found.value;
    this.url = this.#addresses.make(found.value);
    return found.value;
  }

  /** After a failure, or anew. */
  again(): Promise<Blob | undefined> {
    this.trouble = undefined;
    return this.start();
  }

  /** Stops what is under way, and lets go of what is here. */
  release(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.isLoading = false;
    if (this.url !== undefined) this.#addresses.revoke(this.url);
    this.url = undefined;
    this.#blob = undefined;
  }
}
