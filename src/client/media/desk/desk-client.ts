/** The files' door as a page has it: a stub over its worker, which is started with the first file. */
import * as Comlink from 'comlink';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { MediaDesk, PreparedFile, SealOptions, UploadRow } from '../media.ts';
import type { DeskRemote, DeskSetting, Hand } from './remote.ts';
import type { Sign } from '../sealing/tokens.ts';

export interface DeskClientPorts extends DeskSetting {
  /** Starts the worker (or anything that serves a `DeskRemote`). */
  readonly start: () => Comlink.Endpoint;
  readonly sign: Sign;
  /** The signed-in person's key. */
  readonly person: () => string | undefined;
}

type Taker = (file: SealedFile, note: string) => Promise<void>;

export class DeskClient implements MediaDesk {
  readonly #ports: DeskClientPorts;
  readonly #watchers = new Set<(rows: readonly UploadRow[]) => void>();
  #takers: readonly Taker[] = [];
  #rows: readonly UploadRow[] = [];
  #remote: Promise<Comlink.Remote<DeskRemote>> | undefined;
  #isClosed = false;

  constructor(ports: DeskClientPorts) {
    this.#ports = ports;
  }

  /** Something may be left of an earlier visit: it goes on. */
  async resumeAll(): Promise<void> {
    await this.#desk();
  }

  async offer(file: PreparedFile): ReturnType<MediaDesk['offer']> {
    return (await this.#desk()).offer(file);
  }

  async seal(
    file: PreparedFile,
    { expires, note, signal, onprogress }: SealOptions = {},
  ): ReturnType<MediaDesk['seal']> {
    const desk = await this.#desk();
    const name = crypto.randomUUID();
    const stop = (): void => void desk.stopSeal(name);
    signal?.addEventListener('abort', stop, { once: true });
    const told = Comlink.proxy((sent: number, total: number) => onprogress?.(sent, total));
    try {
      const sealed = desk.seal(name, file, { expires, note }, told);
      if (signal?.aborted) stop();
      return await sealed;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  watchSealed(taken: Taker): () => void {
    this.#takers = [...this.#takers, taken];
    void this.#remote?.then((desk) => desk.takesSealed());
    return () => void (this.#takers = this.#takers.filter((one) => one !== taken));
  }

  watchUploads(changed: (rows: readonly UploadRow[]) => void): () => void {
    this.#watchers.add(changed);
    changed(this.#rows);
    return () => void this.#watchers.delete(changed);
  }

  cancel = (hash: string): Promise<void> => this.#hand(hash, 'cancel');
  retry = (hash: string): Promise<void> => this.#hand(hash, 'retry');
  pause = (hash: string): Promise<void> => this.#hand(hash, 'pause');
  resume = (hash: string): Promise<void> => this.#hand(hash, 'resume');

  async list(): ReturnType<MediaDesk['list']> {
    const person = this.#ports.person();
    if (person === undefined) return { ok: false, error: { code: 'no-account', message: 'Nobody is here.' } };
    return (await this.#desk()).list(person);
  }

  async remove(hash: string): ReturnType<MediaDesk['remove']> {
    return (await this.#desk()).remove(hash);
  }

  /** Somebody can sign now: what waited for that goes on. */
  signedIn(): void {
    void this.#remote?.then((desk) => desk.signedIn());
  }

  close(): void {
    this.#isClosed = true;
    void this.#remote?.then((desk) => desk.close()).catch(() => undefined);
  }

  async #hand(hash: string, hand: Hand): Promise<void> {
    await (await this.#desk()).hand(hash, hand);
  }

  #desk(): Promise<Comlink.Remote<DeskRemote>> {
    if (this.#isClosed) return Promise.reject(new Error('the desk is closed'));
    return (this.#remote ??= this.#open());
  }

  async #open(): Promise<Comlink.Remote<DeskRemote>> {
    const { start, keys, server, sign } = this.#ports;
    const desk = Comlink.wrap<DeskRemote>(start());
    await desk.open(
      { keys, server },
      Comlink.proxy({
        rows: (rows: readonly UploadRow[]) => this.#hear(rows),
        sign,
        sealed: (file: SealedFile, note: string) => this.#give(file, note),
      }),
    );
    if (this.#takers.length > 0) void desk.takesSealed();
    return desk;
  }

  #hear(rows: readonly UploadRow[]): void {
    this.#rows = rows;
    for (const changed of this.#watchers) changed(rows);
  }

  async #give(file: SealedFile, note: string): Promise<boolean> {
    try {
      for (const taken of this.#takers) await taken(file, note);
      return this.#takers.length > 0;
    } catch {
      return false;
    }
  }
}
