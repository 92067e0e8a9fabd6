/** Loading as a page sees it: a few at a time, the same thing once, the sender's servers only when nothing else helps. */
import * as Comlink from 'comlink';
import type { Attachment } from '#protocol/media/attachments.ts';
import { fail } from '#shared/result.ts';
import { inTurn } from './hand-over.ts';
import type { LoadRemote, LoadRequest, Usage } from './remote.ts';
import type { LoadCode, Loaded, MediaSource, OnProgress, ThumbWidth } from './source.ts';

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: OnProgress;
}

export interface LoaderPorts {
  /** Made with the first file; its store is open. */
  readonly remote: () => Promise<Pick<LoadRemote, keyof LoadRemote>>;
  /** Where somebody keeps their files (kind 10063). */
  readonly serversOf: (author: string) => Promise<readonly string[]>;
}

/** So many at a time: more only makes each of them later. */
const AT_ONCE = 6;
/** After these the sender's servers may still have it. */
const WORTH_ASKING: readonly LoadCode[] = ['missing', 'damaged', 'unreachable', 'refused'];

export class MediaLoader {
  readonly #ports: LoaderPorts;
  readonly #waiting: (() => void)[] = [];
  #remote: Promise<LoadRemote> | undefined;
  #busy = 0;
  #next = 1;

  constructor(ports: LoaderPorts) {
    this.#ports = ports;
  }

  /** The whole file, verified and (where it was sealed) opened. For what fits in memory. */
  async load(source: MediaSource, options: LoadOptions = {}): Promise<Loaded<Blob>> {
    const first = await this.#ask({ source: bare(source), servers: [] }, options);
    if (first.ok || !source.author || !WORTH_ASKING.includes(first.error.code)) return first;
    const servers = await this.#ports.serversOf(source.author);
    if (servers.length === 0 || source.hash === undefined) return first;
    return this.#ask({ source: bare(source), servers }, options);
  }

  /** A small picture of it, at least so many pixels wide where there are as many. */
  async loadThumb(
    file: MediaSource & Pick<Attachment, 'thumb'>,
    width: ThumbWidth,
    options: LoadOptions = {},
  ): Promise<Loaded<Blob>> {
    return this.#ask({ source: bare(file), thumb: { thumb: file.thumb, width }, servers: [] }, options);
  }

  /** Bytes in order to who takes them; they are the file only once this resolves so. */
  async pour(
    source: MediaSource,
    take: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
    { signal, onprogress }: LoadOptions = {},
  ): Promise<Loaded<undefined>> {
    const id = this.#next++;
    const remote = await this.#open();
    signal?.addEventListener('abort', () => remote.stop(id), { once: true });
    const request = { id, source: bare(source), servers: [] };
    return remote.pour(request, Comlink.proxy(inTurn(take)), onprogress && Comlink.proxy(onprogress));
  }

  /** What is kept on this device. */
  async usage(): Promise<Usage> {
    return (await this.#open()).usage();
  }
  /** Lets go of the longest unseen until so many bytes are left. */
  async shrink(to: number): Promise<void> {
    await (await this.#open()).shrink(to);
  }
  async setBound(bytes: number): Promise<void> {
    await (await this.#open()).setBound(bytes);
  }

  async #ask(request: Omit<LoadRequest, 'id'>, { signal, onprogress }: LoadOptions): Promise<Loaded<Blob>> {
    await this.#turn();
    try {
      if (signal?.aborted) return stopped();
      const id = this.#next++;
      const remote = await this.#open();
      const stop = () => remote.stop(id);
      signal?.addEventListener('abort', stop, { once: true });
      const found = await remote.load({ ...request, id }, onprogress && Comlink.proxy(onprogress));
      signal?.removeEventListener('abort', stop);
      return signal?.aborted ? stopped() : found;
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#busy >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    this.#busy++;
  }

  #open(): Promise<LoadRemote> {
    return (this.#remote ??= this.#ports.remote());
  }
}

const stopped = (): Loaded<never> => fail('stopped', 'It was stopped.');

/** Only what the worker needs; rows may be reactive proxies, which cannot cross. */
const bare = ({ url, type, hash, size, fallback, key }: MediaSource): MediaSource => ({
  url,
  type,
  ...(hash === undefined ? {} : { hash }),
  ...(size === undefined ? {} : { size }),
  ...(fallback === undefined ? {} : { fallback: [...fallback] }),
  ...(key === undefined ? {} : { key: { ...key } }),
});
