/** The worker's side of the files' door: keeps, seals and sends them for one profile and one city. */
import type { Network } from '../../relays/ports.ts';
import { m } from '#messages/paraglide/messages.js';
import type { PreparedFile } from '../media.ts';
import type { OutgoingFiles } from '../outgoing/outgoing-files.ts';
import type { Manifest, Progress, Upload } from '../outgoing/records.ts';
import type { Fetch } from '../sending/fetch-stack.ts';
import { fileLock, Sender } from '../sending/sender.ts';
import type { UploadLocks } from '../sending/sender.ts';
import { endAtCity } from '../sending/terminate.ts';
import { offerFile } from '../sealing/offering.ts';
import { CLOSING, sendSealed } from '../sealing/sealed-sending.ts';
import type { BeginHash } from '../sealing/hashing.ts';
import type { SealPorts } from '../sealing/sealed-sending.ts';
import { signToken } from '../sealing/tokens.ts';
import { listOwn, removeOwn } from './own-blobs.ts';
import type { DeskEars, DeskRemote, DeskSetting, Hand, SealWish } from './remote.ts';
import { openSecrets } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { UploadRows } from './upload-rows.ts';

export interface DeskPorts {
  readonly openFiles: (keys: DeskSetting['keys']) => Promise<OutgoingFiles>;
  readonly locks: UploadLocks;
  readonly network: Network;
  readonly fetch: Fetch;
  readonly beginHash: BeginHash;
  readonly hear: (profile: string, changed: () => void) => () => void;
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

interface Parts extends SealPorts {
  readonly ears: DeskEars;
  readonly sender: Sender;
  readonly secrets: Secrets;
  readonly stopHearing: () => void;
}

/** Milliseconds between two tellings of rows. */
const TELL_EVERY = 100;

export class DeskHost implements DeskRemote {
  readonly #ports: DeskPorts;
  readonly #rows = new UploadRows();
  readonly #seals = new Map<string, AbortController>();
  #parts: Parts | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #takesSealed = false;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  async open({ keys, server }: DeskSetting, ears: DeskEars): Promise<void> {
    const { openFiles, hear, ...machine } = this.#ports;
    const [files, secrets] = await Promise.all([openFiles(keys), openSecrets(keys)]);
    const hearing = (changed: () => void) => hear(keys.profile, changed);
    const onsent = (id: string, sent: number): void => {
      this.#rows.sent(id, sent);
      this.#tellSoon();
    };
    const base: SealPorts = {
      ...machine,
      ...{ files, server, onsent, hear: hearing, sign: ears.sign },
      keepSecret: (id, file, note) => secrets.keep(id, file, note),
    };
    await this.#sweep(base);
    const sender = new Sender({
      ...base,
      profile: keys.profile,
      sign: (manifest) => signAnew(base, manifest),
    });
    const stopHearing = hearing(() => {
      this.#tellSoon();
      if (this.#takesSealed) void this.#giveSealed().catch(complain);
    });
    this.#parts = { ...base, ears, sender, secrets, stopHearing };
    this.#tellSoon();
  }

  async offer(file: PreparedFile): ReturnType<DeskRemote['offer']> {
    const parts = this.#open;
    try {
      const offered = await offerFile(parts, file);
      if (offered.ok && offered.value.hash !== undefined) this.#rows.offered(offered.value.hash, file);
      return offered;
    } finally {
      // Its lock is free now.
      parts.sender.kick();
      this.#tellSoon();
    }
  }

  async seal(
    name: string,
    file: PreparedFile,
    { expires, note }: SealWish,
    onprogress: (sent: number, total: number) => void,
  ): ReturnType<DeskRemote['seal']> {
    const stop = new AbortController();
    this.#seals.set(name, stop);
    try {
      const done = await sendSealed(this.#open, file, {
        ...{ expires, note, onprogress, signal: stop.signal },
        ongone: (id) => this.#rows.forget(id),
      });
      return done;
    } finally {
      this.#seals.delete(name);
      this.#tellSoon();
    }
  }

  stopSeal(name: string): void {
    this.#seals.get(name)?.abort();
  }

  async hand(hash: string, hand: Hand): Promise<void> {
    const { files } = this.#open;
    for (const upload of await this.#named(hash))
      if (hand === 'cancel') await this.#cancel(upload);
      else await files.change(upload.manifest.id, changes[hand]);
    if (hand === 'retry') this.#open.sender.signedIn();
  }

  async list(person: string): ReturnType<DeskRemote['list']> {
    return listOwn(this.#open, person);
  }

  async remove(hash: string): ReturnType<DeskRemote['remove']> {
    return removeOwn(this.#open, hash);
  }

  signedIn(): void {
    this.#parts?.sender.signedIn();
  }

  takesSealed(): void {
    this.#takesSealed = true;
    void this.#giveSealed().catch(complain);
  }

  close(): void {
    this.#parts?.sender.stop();
    this.#parts?.stopHearing();
    for (const stop of this.#seals.values()) stop.abort(CLOSING);
    this.#parts = undefined;
    clearTimeout(this.#telling);
  }

  get #open(): Parts {
    if (!this.#parts) throw new Error('the desk is not open');
    return this.#parts;
  }

  /** A file by its hash, or by its id while it has none; its small picture too. */
  async #named(hash: string): Promise<Upload[]> {
    const all = await this.#open.files.list();
    const ids = all.filter(({ manifest }) => manifest.hash === hash || manifest.id === hash);
    const named = new Set(ids.map(({ manifest }) => manifest.id));
    return all.filter(({ manifest: { id, of = '' } }) => named.has(id) || named.has(of));
  }

  /** Lines may wait for it: that it was given up is remembered. What nobody can wait for leaves nothing. */
  async #cancel({ manifest: { id, hash }, progress }: Upload): Promise<void> {
    const { files, fetch } = this.#open;
    for (const name of [id, hash ?? id]) this.#rows.forget(name);
    await files.change(id, ({ url: _, reason: __, ...rest }) => ({ ...rest, state: 'cancelled' }));
    await endAtCity(fetch, progress.url);
    if (hash === undefined) await files.remove(id);
    else await files.dropPieces(id);
  }

  /** What a crash left: open files nobody answered for go; a sealed one that is not whole is told. */
  async #sweep({ files, locks, fetch, now }: SealPorts): Promise<void> {
    const isMade = async (id: string): Promise<boolean> =>
      !(await locks.attempt(fileLock(id), () => Promise.resolve()));
    for (const id of await files.sweep(isMade, now())) {
      const upload = await files.get(id);
      await endAtCity(fetch, upload?.progress.url);
      if (!upload?.manifest.isSealed || upload.manifest.of !== undefined) await files.remove(id);
      else {
        await files.dropPieces(id);
        await files.change(id, () => ({ state: 'failed', sent: 0, reason: m.media_send_unfinished() }));
      }
    }
  }

  /** Stored sealed files whose asker is gone, each until somebody has taken it. */
  async #giveSealed(): Promise<void> {
    const { files, locks, secrets, ears } = this.#open;
    const all = await files.list();
    for (const { manifest, progress } of all) {
      const { id, secret } = manifest;
      if (progress.state !== 'stored' || secret === undefined) continue;
      if (all.some(({ manifest: { of } }) => of === id)) continue;
      await locks.attempt(fileLock(id), async () => {
        if (!(await files.get(id))) return;
        const kept = await secrets.take(id, secret);
        if (!kept || (await ears.sealed(kept.file, kept.note))) await files.remove(id);
      });
    }
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      void this.#tell().catch(complain);
    }, TELL_EVERY);
  }

  async #tell(): Promise<void> {
    if (this.#parts) this.#parts.ears.rows(this.#rows.look(await this.#parts.files.list()));
  }
}

const changes: Readonly<Record<Exclude<Hand, 'cancel'>, (progress: Progress) => Progress | undefined>> = {
  retry: ({ reason: _, ...progress }) =>
    progress.state === 'failed' || progress.state === 'paused'
      ? { ...progress, state: 'waiting' }
      : undefined,
  pause: (progress) => (progress.state === 'waiting' ? { ...progress, state: 'paused' } : undefined),
  resume: (progress) => (progress.state === 'paused' ? { ...progress, state: 'waiting' } : undefined),
};

const signAnew = async ({ files, sign, server, now }: SealPorts, manifest: Manifest): Promise<boolean> => {
  const { hash } = manifest;
  if (hash === undefined) return false;
  const token = await signToken(sign, server, { verb: 'upload', hashes: [hash] }, now() / 1000);
  if (!token.ok) return false;
  const { begin: _, ...rest } = manifest;
  await files.put({ ...rest, end: token.value.header, signedUntil: token.value.until });
  return true;
};

const complain = (cause: unknown): void =>
  console.error('The files on their way could not be seen to', cause);
