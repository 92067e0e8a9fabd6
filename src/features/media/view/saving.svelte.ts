/**
 * A file on its way to the person's folder, the one moment when it is written down readable, because they asked for it. Large sealed
 * ones leave by an address as every download, of any size; where there is none, straight through a file that the person chooses, or whole.
 */
import type { MediaLoader } from '#client/media/loading/loader.ts';
import type { LoadFailure, MediaSource } from '#client/media/loading/source.ts';
import type { FileStream, FileStreams } from '#client/media/streaming/file-streams.ts';
import { beginDownload, saveAs } from './save.ts';
import { canSaveLarge, LARGE, saveLarge } from './save-large.ts';

export interface SavingPorts {
  readonly loader: Pick<MediaLoader, 'load' | 'pour'>;
  readonly streams: Pick<FileStreams, 'open'>;
}

export class Saving {
  isLoading = $state(false);
  /** 0…1; undefined while nobody knows. */
  progress = $state<number>();
  trouble = $state.raw<LoadFailure>();
  readonly #source: MediaSource;
  readonly #name: string;
  readonly #ports: SavingPorts;
  readonly #begin: typeof beginDownload;
  #stream: FileStream | undefined;
  #stop: AbortController | undefined;

  constructor(source: MediaSource, name: string, ports: SavingPorts, begin = beginDownload) {
    this.#source = source;
    this.#name = name;
    this.#ports = ports;
    this.#begin = begin;
  }

  async start(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    this.progress = undefined;
    this.trouble = undefined;
    const stop = new AbortController();
    this.#stop = stop;
    const stream = await this.#open(stop);
    if (stop.signal.aborted) return stream?.close();
    this.#stream = stream;
    if (stream) this.#begin(stream.url);
    else await this.#whole(stop);
  }

  /** The person changed their mind: what has come of it is thrown away by the browser. */
  stop(): void {
    this.#end(undefined);
  }

  #open(stop: AbortController): Promise<FileStream | undefined> {
    const { signal } = stop;
    const end = (trouble?: LoadFailure): void => {
      if (!signal.aborted) this.#end(trouble);
    };
    return this.#ports.streams.open(this.#source, {
      use: 'save',
      name: this.#name,
      ongiven: (bytes) => {
        if (!signal.aborted) this.progress = Math.min(1, bytes / (this.#source.size ?? bytes));
      },
      ondone: end,
      onstopped: end,
      // Its sender may keep it on other servers, which are asked for the whole.
      ontrouble: (trouble) => (trouble.code === 'missing' ? void this.#elsewhere(stop) : end(trouble)),
    });
  }

  async #elsewhere(stop: AbortController): Promise<void> {
    this.#stream?.close();
    this.#stream = undefined;
    if (!stop.signal.aborted) await this.#whole(stop);
  }

  async #whole(stop: AbortController): Promise<void> {
    const { loader } = this.#ports;
    const options = {
      signal: stop.signal,
      onprogress: (received: number, total: number | undefined) => {
        if (total && !stop.signal.aborted) this.progress = Math.min(1, received / total);
      },
    };
    const isLarge = canSaveLarge() && (this.#source.size ?? 0) > LARGE;
    const done = isLarge
      ? await saveLarge(loader, this.#source, this.#name, options)
      : await loader.load(this.#source, options);
    if (stop.signal.aborted) return;
    if (done.ok && done.value) saveAs(done.value, this.#name);
    this.#end(done.ok || done.error.code === 'stopped' ? undefined : done.error);
  }

  #end(trouble: LoadFailure | undefined): void {
    this.#stop?.abort();
    this.#stream?.close();
    this.#stream = undefined;
    this.isLoading = false;
    this.trouble = trouble;
  }
}
