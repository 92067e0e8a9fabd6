/**
 * The service worker's side: answers addresses of files with plain bytes, for the page that offered them and nobody else. What it knows
 * of a file is in memory only, and goes with the page or with the worker; a worker that woke up again asks its pages.
 */
import { parseRange } from '#shared/byte-range.ts';
import type { ByteRange } from '#shared/byte-range.ts';
import type { DownloadPorts } from '../loading/download.ts';
import type { Loaded, LoadFailure } from '../loading/source.ts';
import { fileHeaders } from './file-headers.ts';
import { FILE_CLOSED, FILE_LOST, FILE_NEEDED, FILE_OFFER, parseFileId, parseOffer } from './offer.ts';
import type { OfferedFile, StreamNews } from './offer.ts';
import { SealedReader } from './sealed-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Where news of a file go. */
export interface NewsPort {
  postMessage(news: StreamNews): void;
}

/** A message from a page of this origin. */
export interface PageMessage {
  readonly data: unknown;
  /** Which page. */
  readonly from: string;
  readonly port?: NewsPort | undefined;
  readonly answer: (message: { readonly type: string; readonly id: string }) => void;
}

export interface FileDeskPorts extends DownloadPorts {
  readonly origin: string;
  /** Asks every page whether this one is theirs. */
  readonly wanted: (id: string) => Promise<void>;
  /** Which of these pages are still there. */
  readonly alive: (pages: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** What is asked, as far as it counts. */
export interface FileRequest {
  readonly id: string;
  /** The page that asks; empty for a navigation. */
  readonly from: string;
  readonly isNavigation: boolean;
  readonly range: string | null;
}

interface Entry {
  readonly file: OfferedFile;
  readonly owner: string;
  /** Another one once its page has offered it again. */
  port: NewsPort;
  readonly reader: SealedReader;
  /** Ends whatever is being read of it. */
  readonly stop: AbortController;
  trouble?: LoadFailure;
}

/** Milliseconds in which a page says that a file is its own. */
const PATIENCE = 4_000;

const hearing = (): { told: Promise<void>; tell: () => void } => {
  let tell = (): void => undefined;
  const told = new Promise<void>((go) => (tell = go));
  return { told, tell };
};

const refusal = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } });

export class FileDesk {
  readonly #ports: FileDeskPorts;
  readonly #entries = new Map<string, Entry>();
  /** Who waits for a page to say that a file is its own, and how they hear of it. */
  readonly #waiting = new Map<string, { readonly told: Promise<void>; readonly tell: () => void }>();

  constructor(ports: FileDeskPorts) {
    this.#ports = ports;
  }

  /** Takes what a page says; true where it was about a file. */
  hear({ data, from, port, answer }: PageMessage): boolean {
    const { type } = (data ?? {}) as { readonly type?: unknown };
    const id = parseFileId(data);
    if (id === undefined) return false;
    if (type === FILE_OFFER && port) this.#take(data, from, port);
    else if (type === FILE_NEEDED && !this.#entries.has(id)) answer({ type: FILE_LOST, id });
    else if (type === FILE_CLOSED && this.#entries.get(id)?.owner === from) this.#drop(id);
    return true;
  }

  /** The bytes, or a refusal that does not tell a stranger's address from a wrong one. */
  async answer({ id, from, isNavigation, range: asked }: FileRequest): Promise<Response> {
    const entry = this.#entries.get(id) ?? (await this.#wanted(id));
    if (!entry) return refusal(404);
    void this.#forgetTheGone();
    const { file, owner, trouble } = entry;
    // A navigation can only be a download, and only its page plays what it offered.
    const isAllowed = file.use === 'save' ? isNavigation : !isNavigation && from === owner;
    if (!isAllowed) return refusal(404);
    if (trouble?.code === 'damaged') return refusal(502);
    const range = file.use === 'save' ? undefined : parseRange(asked ?? undefined, file.size);
    if (range === 'outside') return refusal(416, { 'content-range': `bytes */${file.size}` });
    return this.#give(entry, range);
  }

  async #give(entry: Entry, range: ByteRange | undefined): Promise<Response> {
    const { file, reader, stop: over } = entry;
    const stop = new AbortController();
    const signal = AbortSignal.any([over.signal, stop.signal]);
    const pieces = reader.read(range ?? { start: 0, end: file.size - 1 }, signal);
    const first = (await pieces.next()).value;
    // Nothing is promised before the first of it was opened.
    if (!first?.ok) {
      this.#complain(entry, first?.error);
      return refusal(502);
    }
    const body = this.#body(entry, { first: first.value, pieces, stop });
    return new Response(body, { status: range ? 206 : 200, headers: fileHeaders(file, range) });
  }

  /** Pulled by who reads: nothing is fetched far ahead of the eye. */
  #body(
    entry: Entry,
    {
      first,
      pieces,
      stop,
    }: { first: Bytes; pieces: AsyncGenerator<Loaded<Bytes>, void>; stop: AbortController },
  ): ReadableStream<Bytes> {
    const isSaved = entry.file.use === 'save';
    let [ready, given]: [Bytes | undefined, number] = [first, 0];
    const next = async (): Promise<Loaded<Bytes> | undefined> => {
      if (!ready) return (await pieces.next()).value ?? undefined;
      const value = ready;
      ready = undefined;
      return { ok: true, value };
    };
    const pull = async (controller: ReadableStreamDefaultController<Bytes>): Promise<void> => {
      const piece = await next();
      if (!piece) {
        controller.close();
        if (isSaved) entry.port.postMessage({ is: 'done' });
      } else if (piece.ok) {
        controller.enqueue(piece.value);
        given += piece.value.length;
        if (isSaved) entry.port.postMessage({ is: 'given', bytes: given });
      } else {
        this.#complain(entry, piece.error);
        controller.error(new TypeError(piece.error.message));
      }
    };
    const cancel = (): void => {
      stop.abort();
      if (isSaved) entry.port.postMessage({ is: 'stopped' });
    };
    return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  }

  #complain(entry: Entry, trouble: LoadFailure | undefined): void {
    if (!trouble || trouble.code === 'stopped') return;
    entry.trouble = trouble;
    entry.port.postMessage({ is: 'trouble', code: trouble.code, message: trouble.message });
  }

  #take(data: unknown, owner: string, port: NewsPort): void {
    const offer = parseOffer(data, this.#ports.origin);
    if (!offer) return;
    const { id, file } = offer;
    const known = this.#entries.get(id);
    // Nobody takes over what another page offered.
    if (known && known.owner !== owner) return;
    if (known) known.port = port;
    else {
      const reader = new SealedReader(file, this.#ports);
      this.#entries.set(id, { file, owner, port, reader, stop: new AbortController() });
    }
    port.postMessage({ is: 'ready' });
    this.#waiting.get(id)?.tell();
    void this.#forgetTheGone();
  }

  #drop(id: string): void {
    this.#entries.get(id)?.stop.abort();
    this.#entries.delete(id);
  }

  async #forgetTheGone(): Promise<void> {
    const alive = await this.#ports.alive([...this.#entries.values()].map(({ owner }) => owner));
    for (const [id, { owner }] of this.#entries) if (!alive.has(owner)) this.#drop(id);
  }

  async #wanted(id: string): Promise<Entry | undefined> {
    const asked = this.#waiting.get(id);
    const { told, tell } = asked ?? hearing();
    if (!asked) {
      this.#waiting.set(id, { told, tell });
      await this.#ports.wanted(id);
    }
    await Promise.race([told, this.#ports.wait(PATIENCE)]);
    this.#waiting.delete(id);
    return this.#entries.get(id);
  }
}
