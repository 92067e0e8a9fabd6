/** Files over one composer: chosen, being prepared, ordered, described; handed over together. */
import type { PreparedFile } from '#client/media/media.ts';
import { ATTACHMENTS_MAX } from '#protocol/media/attachments.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Audience, Prepared, PrepareFailure } from '../prepare/prepared.ts';
import { TrayFile } from './tray-file.svelte.ts';
import { handingWords } from './words.ts';

export interface TrayPorts {
  prepare(
    file: Blob,
    name: string,
    wishes: { audience: Audience; signal: AbortSignal; onprogress: (part: number) => void },
  ): Promise<Result<Prepared, PrepareFailure>>;
  /** Keeps a file for sending and says what hangs on the line. */
  offer(file: PreparedFile): Promise<Result<Attachment, Failure<string>>>;
  /** Gives up what was offered and will hang on no line. */
  withdraw(file: Attachment): void;
  /** Addresses of pictures for this page, and their end. */
  readonly previews: { make(picture: Blob): string; drop(address: string): void };
}

/** What was taken and is not on a line yet, by the address it was given. */
type Taken = readonly (readonly [string, TrayFile])[];

export class Tray {
  readonly audience: Audience;
  files = $state.raw<readonly TrayFile[]>([]);
  /** How many more were chosen than a line can carry. */
  surplus = $state(0);
  /** Handing over is under way. */
  isLeaving = $state(false);
  readonly #ports: TrayPorts;
  #taken: Taken = [];
  #next = 1;

  constructor(ports: TrayPorts, audience: Audience = 'open') {
    this.#ports = ports;
    this.audience = audience;
  }

  get isEmpty(): boolean {
    return this.files.length === 0;
  }

  get isReady(): boolean {
    return !this.isEmpty && this.files.every(({ state }) => state === 'ready');
  }

  /** Takes them in behind the others and prepares them; `waveform`: of a voice note, 0–100. */
  add(files: readonly File[], waveform?: readonly number[]): void {
    const room = Math.max(0, ATTACHMENTS_MAX - this.files.length);
    this.surplus = Math.max(0, files.length - room);
    const added = files.slice(0, room).map((file) => new TrayFile(this.#next++, file, file.name, waveform));
    this.files = [...this.files, ...added];
    for (const file of added) void this.#prepare(file);
  }

  remove(file: TrayFile): void {
    this.files = this.files.filter((other) => other !== file);
    this.surplus = 0;
    file.abort.abort();
    this.#drop(file);
    if (file.offered) this.#ports.withdraw(file.offered.attachment);
  }

  /** Moves it by so many places; stays within the row. */
  move(file: TrayFile, by: number): void {
    const from = this.files.indexOf(file);
    const to = Math.min(this.files.length - 1, Math.max(0, from + by));
    if (from < 0 || from === to) return;
    const others = this.files.filter((other) => other !== file);
    this.files = [...others.slice(0, to), file, ...others.slice(to)];
  }

  /** Everything in it as it leaves; undefined while something is not ready. */
  leaving(): readonly PreparedFile[] | undefined {
    return this.isReady ? this.files.flatMap(({ leaving }) => leaving ?? []) : undefined;
  }

  /** Hands everything over in its order and empties the tray; when that fails, all of it lies there again. */
  async take(): Promise<Result<readonly Attachment[], Failure<string>>> {
    if (this.isEmpty) return ok([]);
    if (!this.isReady || this.isLeaving) return fail('not-ready', 'a file is not ready');
    const files = this.files;
    this.isLeaving = true;
    this.files = [];
    this.surplus = 0;
    try {
      const offered = await this.#offerAll(files);
      if (!offered.ok) this.files = [...files, ...this.files];
      return offered;
    } catch (cause) {
      this.files = [...files, ...this.files];
      throw cause;
    } finally {
      this.isLeaving = false;
    }
  }

  /** The line of these was not sent: they lie there again. */
  putBack(attachments: readonly Attachment[]): void {
    const files = this.#release(attachments);
    this.files = [...files, ...this.files];
  }

  /** These hang on a line: nothing of them is kept here any more. */
  sent(attachments: readonly Attachment[]): void {
    for (const file of this.#release(attachments)) this.#drop(file);
  }

  /** Nobody wants any of it. */
  clear(): void {
    for (const file of this.files) this.remove(file);
  }

  /** For those who send in their own way: nothing of it is kept here any more. */
  empty(): void {
    for (const file of this.files) this.#drop(file);
    this.files = [];
    this.surplus = 0;
  }

  async #prepare(file: TrayFile): Promise<void> {
    const outcome = await this.#ports.prepare(file.source, file.name, {
      audience: this.audience,
      signal: file.abort.signal,
      onprogress: (part) => (file.part = part),
    });
    if (file.abort.signal.aborted) return;
    if (!outcome.ok) {
      file.failure = outcome.error;
      file.state = 'refused';
      return;
    }
    const { file: prepared, note } = outcome.value;
    const picture = prepared.thumb?.body ?? (file.form === 'picture' ? prepared.body : undefined);
    file.prepared = prepared;
    file.note = note;
    file.name = prepared.name;
    if (picture) file.preview = this.#ports.previews.make(picture);
    file.state = 'ready';
  }

  async #offerAll(files: readonly TrayFile[]): Promise<Result<readonly Attachment[], Failure<string>>> {
    const taken: [string, TrayFile][] = [];
    const attachments: Attachment[] = [];
    for (const file of files) {
      const offered = await this.#offer(file);
      if (!offered.ok) return offered;
      taken.push([offered.value.url, file]);
      attachments.push(offered.value);
    }
    this.#taken = [...this.#taken, ...taken];
    return ok(attachments);
  }

  async #offer(file: TrayFile): Promise<Result<Attachment, Failure<string>>> {
    if (file.offered?.alt === file.alt) return ok(file.offered.attachment);
    if (!file.leaving) return fail('not-ready', 'a file is not ready');
    const offered = await this.#ports.offer(file.leaving);
    if (!offered.ok) return fail(offered.error.code, handingWords(offered.error.code), offered.error);
    file.offered = { alt: file.alt, attachment: offered.value };
    return offered;
  }

  #release(attachments: readonly Attachment[]): TrayFile[] {
    const isTaken = (url: string): boolean => attachments.some((attachment) => attachment.url === url);
    const released = this.#taken.filter(([url]) => isTaken(url));
    this.#taken = this.#taken.filter(([url]) => !isTaken(url));
    return released.map(([, file]) => file);
  }

  #drop(file: TrayFile): void {
    if (file.preview) this.#ports.previews.drop(file.preview);
    file.preview = undefined;
  }
}
