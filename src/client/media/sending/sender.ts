/** Sends what lies here, whichever tab or worker kept it: one of them at a time, two files side by side. */
import type { Locks } from '../../outbox/ports.ts';
import type { OutgoingFiles } from '../outgoing/outgoing-files.ts';
import type { Manifest, Upload } from '../outgoing/records.ts';
import { carry } from './carrying.ts';
import type { Carried, CarryPorts } from './carrying.ts';
import { pieceReader } from './reading.ts';

/** Locks among all tabs that may also be tried. */
export interface UploadLocks extends Locks {
  /** Runs the work while it holds the lock; false at once where somebody else does. */
  attempt(name: string, work: () => Promise<void>): Promise<boolean>;
}

/** The lock of whoever works on a file: sends it, or still seals it. */
export const fileLock = (id: string): string => `upload ${id}`;

export interface SenderPorts extends CarryPorts {
  readonly locks: UploadLocks;
  readonly profile: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls back when something is different on the disk. Returns the way to stop. */
  readonly hear: (changed: () => void) => () => void;
  /** Signs a file anew whose signature holds no longer; false where nobody can now. */
  readonly sign?: (manifest: Manifest) => Promise<boolean>;
  /** Nothing is left that could be sent now. */
  readonly rested?: () => void;
}

const AT_ONCE = 2;
/** Milliseconds until a file is looked at again that somebody else works on. */
const LOOK_AGAIN = 5_000;
/** A signature is not used in its last so many seconds. */
const MARGIN = 60;
const UNTRUSTED = 'The city did not accept your signature. Is the clock of this device right?';
const DAMAGED = 'The file is not on this device any more.';

export class Sender {
  readonly #ports: SenderPorts;
  readonly #running = new Map<string, AbortController>();
  readonly #work = new Set<Promise<void>>();
  /** Files that only a signature helps, until somebody signs in. */
  readonly #unsigned = new Set<string>();
  readonly #signedAnew = new Set<string>();
  /** Files that somebody else works on. */
  readonly #elsewhere = new Set<string>();
  readonly #stopHearing: () => void;
  #later: ReturnType<typeof setTimeout> | undefined;
  #holds = false;
  #asked = false;
  #stopped = false;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#stopHearing = ports.hear(() => void this.#heard().catch(complain));
    this.kick();
  }

  /** Something may be there to send: now, or once it is this tab's turn. */
  kick(): void {
    if (this.#stopped) return;
    this.#elsewhere.clear();
    if (this.#holds) return this.#track(this.#start());
    if (this.#asked) return;
    this.#asked = true;
    void this.#ports.locks.hold(`uploads ${this.#ports.profile}`, () => this.#drain()).catch(complain);
  }

  /** Somebody can sign now. */
  signedIn(): void {
    this.#unsigned.clear();
    this.kick();
  }

  /** Sends nothing more; what was sent is not lost. */
  stop(): void {
    this.#stopped = true;
    this.#stopHearing();
    clearTimeout(this.#later);
    for (const abort of this.#running.values()) abort.abort();
  }

  async #drain(): Promise<void> {
    this.#asked = false;
    this.#holds = true;
    this.#track(this.#start());
    while (this.#work.size > 0) await Promise.race(this.#work);
    this.#holds = false;
    this.#ports.rested?.();
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(complain).finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  async #start(): Promise<void> {
    const waiting = (await this.#ports.files.list()).filter((upload) => this.#isDue(upload));
    // A small one does not wait for a film.
    waiting.sort((a, b) => Number(a.manifest.of === undefined) - Number(b.manifest.of === undefined));
    for (const { manifest } of waiting) {
      if (this.#stopped || this.#running.size >= AT_ONCE) return;
      if (this.#running.has(manifest.id)) continue;
      const abort = new AbortController();
      this.#running.set(manifest.id, abort);
      this.#track(this.#run(manifest.id, abort.signal));
    }
  }

  #isDue({ manifest: { id, stage }, progress }: Upload): boolean {
    return (
      stage === 'ready' &&
      progress.state === 'waiting' &&
      !this.#running.has(id) &&
      !this.#unsigned.has(id) &&
      !this.#elsewhere.has(id)
    );
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    try {
      const isMine = await this.#ports.locks.attempt(fileLock(id), async () => {
        // Read again: whoever had it before may have ended it.
        const upload = await this.#ports.files.get(id);
        if (upload?.progress.state === 'waiting') await this.#send(upload.manifest, signal);
      });
      if (!isMine) this.#leave(id);
    } finally {
      this.#running.delete(id);
    }
    this.#track(this.#start());
  }

  /** Whoever works on it may end without a word: it is looked at again. */
  #leave(id: string): void {
    this.#elsewhere.add(id);
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.kick(), LOOK_AGAIN);
  }

  async #send(manifest: Manifest, signal: AbortSignal): Promise<void> {
    const { end: token, hash, signedUntil } = manifest;
    const holds = signedUntil > this.#ports.now() / 1000 + MARGIN;
    if (token === undefined || hash === undefined || !holds) return this.#signAnew(manifest);
    const carried = await carry(this.#ports, {
      manifest,
      signal,
      read: pieceReader({
        piece: (number) => this.#ports.files.sendable(manifest, number),
        words: DAMAGED,
      }),
      ending: () => Promise.resolve({ hash, token }),
    });
    if (carried.outcome !== 'unsigned') return settle(this.#ports.files, manifest, carried);
    // Signed anew a moment ago, and still not believed.
    if (this.#signedAnew.has(manifest.id))
      return settle(this.#ports.files, manifest, { outcome: 'refused', reason: UNTRUSTED });
    await this.#signAnew(manifest);
  }

  async #signAnew(manifest: Manifest): Promise<void> {
    const isSigned = await this.#ports.sign?.(manifest).catch(() => false);
    (isSigned ? this.#signedAnew : this.#unsigned).add(manifest.id);
  }

  /** What the person stopped, here or in another tab, is sent no more. */
  async #heard(): Promise<void> {
    for (const [id, abort] of this.#running) {
      const upload = await this.#ports.files.get(id);
      if (upload?.progress.state !== 'waiting') abort.abort();
    }
    this.kick();
  }
}

/** Takes down how it ended. A stored file leaves this device; one that somebody asked for before a reload is remembered. */
export const settle = async (
  files: OutgoingFiles,
  { id, secret, size }: Manifest,
  carried: Carried,
): Promise<void> => {
  if (carried.outcome === 'refused')
    await files.change(id, (progress) => ({ ...progress, state: 'failed', reason: carried.reason }));
  if (carried.outcome !== 'stored') return;
  if (secret === undefined) return files.remove(id);
  await files.change(id, () => ({ state: 'stored', sent: size }));
  await files.dropPieces(id);
};

const complain = (cause: unknown): void => console.error('Files could not be sent', cause);
