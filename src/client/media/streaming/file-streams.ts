/**
 * The page's side: an address of its own for a sealed file, answered by the service worker while the bytes arrive. The file's key goes
 * to the worker in a message; here it is held as long as the address is.
 */
import { isRecord } from '#shared/json.ts';
import type { LoadFailure, MediaSource } from '../loading/source.ts';
import { isOwn } from '../loading/places.ts';
import {
  FILE_CLOSED,
  FILE_LOST,
  FILE_NEEDED,
  FILE_OFFER,
  FILE_WANTED,
  parseFileId,
  pathOfFile,
} from './offer.ts';
import type { Offer, OfferedFile, StreamNews, StreamUse } from './offer.ts';

/** What the page has of the service worker; tests have their own. */
export interface StreamPorts {
  readonly origin: string;
  /** To the worker that serves this page; undefined where none does. */
  readonly worker: () => { postMessage(message: unknown, transfer?: Transferable[]): void } | undefined;
  /** Hears what the worker says without being asked. Returns the way to stop. */
  readonly listen: (hear: (message: unknown) => void) => () => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Calls every so many milliseconds. Returns the way to stop. */
  readonly every: (milliseconds: number, call: () => void) => () => void;
}

export interface StreamWish {
  readonly use: StreamUse;
  readonly name: string;
  readonly ontrouble: (trouble: LoadFailure) => void;
  /** Plain bytes handed on, for `save`. */
  readonly ongiven?: (bytes: number) => void;
  readonly ondone?: () => void;
  readonly onstopped?: () => void;
}

/** An address for as long as it is open. */
export interface FileStream {
  readonly url: string;
  close(): void;
}

/** Milliseconds that a worker has to answer; one of a version before this never does. */
const PATIENCE = 4_000;
/** Workers without work are ended after half a minute. */
const STAY = 12_000;

interface Held {
  readonly offer: Offer;
  readonly wish: StreamWish;
  readonly ready: () => void;
  port?: MessagePort;
}

/** The city's own address of a file that can be read in parts; undefined for every other. */
const readable = (
  source: MediaSource,
  origin: string,
): Pick<OfferedFile, 'url' | 'hash' | 'size' | 'key'> | undefined => {
  const { hash, size, key } = source;
  const url = [source.url, ...(source.fallback ?? [])].find((one) => isOwn(one, origin));
  if (url === undefined || hash === undefined || !size || key?.algorithm !== 'aes-gcm-stream')
    return undefined;
  // Rows may be reactive proxies, which cannot cross.
  return {
    url,
    hash,
    size,
    key: { algorithm: key.algorithm, key: key.key.slice(), nonce: key.nonce.slice() },
  };
};

const makeId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export class FileStreams {
  readonly #ports: StreamPorts;
  readonly #held = new Map<string, Held>();
  #stopHearing: (() => void) | undefined;

  constructor(ports: StreamPorts) {
    this.#ports = ports;
  }

  /** Undefined where the file cannot be read in parts, or no service worker serves this page: then it is had whole. */
  async open(source: MediaSource, wish: StreamWish): Promise<FileStream | undefined> {
    const file = readable(source, this.#ports.origin);
    if (!file || !this.#ports.worker()) return undefined;
    const { use, name } = wish;
    const offer: Offer = { id: makeId(), file: { ...file, use, type: source.type, name } };
    const answered = new Promise<boolean>((ready) => {
      this.#hold({ offer, wish, ready: () => ready(true) });
      void this.#ports.wait(PATIENCE).then(() => ready(false));
    });
    if (await answered) return { url: pathOfFile(offer.id), close: () => this.#close(offer.id) };
    this.#close(offer.id);
    return undefined;
  }

  /** With the page everything ends, so that no key outlives it. */
  closeAll(): void {
    for (const id of [...this.#held.keys()]) this.#close(id);
  }

  #hold(held: Held): void {
    this.#held.set(held.offer.id, held);
    this.#stopHearing ??= this.#hearAndStay();
    this.#offer(held);
  }

  #hearAndStay(): () => void {
    const stops = [
      this.#ports.listen((message) => this.#hear(message)),
      this.#ports.every(STAY, () => {
        for (const id of this.#held.keys()) this.#tell({ type: FILE_NEEDED, id });
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #offer(held: Held): void {
    const { offer } = held;
    const { port1, port2 } = new MessageChannel();
    held.port?.close();
    held.port = port1;
    port1.onmessage = ({ data }: MessageEvent<StreamNews>) => this.#news(offer.id, data);
    this.#tell({ type: FILE_OFFER, ...offer }, [port2]);
  }

  #hear(message: unknown): void {
    const id = parseFileId(message);
    const held = id === undefined ? undefined : this.#held.get(id);
    if (!held || !isRecord(message)) return;
    const isLost = message['type'] === FILE_LOST;
    // A download that was cut is not taken up again; a player asks anew.
    if (isLost && held.offer.file.use === 'save')
      held.wish.ontrouble({ code: 'unreachable', message: 'The connection was cut.' });
    else if (isLost || message['type'] === FILE_WANTED) this.#offer(held);
  }

  #news(id: string, news: StreamNews): void {
    const held = this.#held.get(id);
    if (!held) return;
    const { wish, ready } = held;
    if (news.is === 'ready') ready();
    else if (news.is === 'given') wish.ongiven?.(news.bytes);
    else if (news.is === 'done') wish.ondone?.();
    else if (news.is === 'stopped') wish.onstopped?.();
    else wish.ontrouble({ code: news.code, message: news.message });
  }

  #close(id: string): void {
    this.#held.get(id)?.port?.close();
    if (!this.#held.delete(id)) return;
    this.#tell({ type: FILE_CLOSED, id });
    if (this.#held.size > 0) return;
    this.#stopHearing?.();
    this.#stopHearing = undefined;
  }

  #tell(message: unknown, transfer?: Transferable[]): void {
    this.#ports.worker()?.postMessage(message, transfer);
  }
}
