/**
 * Files on their way out, in a folder of their own. Each has a manifest, a record of how far it came, and its bytes in pieces: those
 * that everybody may read once they are sent lie sealed with the device's key, so that a service worker can send them while the
 * profile is locked; those for certain people lie as they are sent, sealed already.
 */
import { bytesToHex } from '#shared/bytes.ts';
import { parseJson } from '#shared/json.ts';
import type { Locks } from '../../outbox/ports.ts';
import { isDraft } from '../../store/blobs/blob-directory.ts';
import type { BlobDirectory } from '../../store/blobs/blob-directory.ts';
import type { Sealer } from '../../store/seal/sealer.ts';
import { FRESH, parseManifest, parseProgress, PIECE_BYTES } from './records.ts';
import type { Manifest, Progress, Upload } from './records.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface OutgoingPorts {
  readonly files: BlobDirectory;
  /** Seals with the device's key. */
  readonly sealer: Sealer;
  readonly locks: Locks;
  readonly profile: string;
  /** Something is different on the disk: for every tab and worker. */
  readonly tell: () => void;
}

const TABLE = 'outgoing';
/** Milliseconds that a cancelled file is remembered. */
const REMEMBERED = 30 * 24 * 3_600_000;

/** A new file's id. */
export const makeUploadId = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(16)));

const manifestName = (id: string): string => `${id} manifest`;
const progressName = (id: string): string => `${id} progress`;
const pieceName = (id: string, number: number): string => `${id} ${number}`;

/** The bytes of a piece of a file. */
export const pieceRange = (size: number, number: number): { readonly from: number; readonly to: number } => ({
  from: number * PIECE_BYTES,
  to: Math.min(size, (number + 1) * PIECE_BYTES),
});

/** How many pieces a file has. */
export const pieceCount = (size: number): number => Math.max(1, Math.ceil(size / PIECE_BYTES));

export class OutgoingFiles {
  readonly #ports: OutgoingPorts;

  constructor(ports: OutgoingPorts) {
    this.#ports = ports;
  }

  /** Everything that is there, the oldest first; what cannot be read is passed over. */
  async list(): Promise<Upload[]> {
    const names = await this.#ports.files.names();
    const ids = names.filter((name) => name.endsWith(' manifest')).map((name) => name.slice(0, 32));
    const all = await Promise.all(ids.map((id) => this.get(id)));
    return all.flatMap((one) => one ?? []).sort((a, b) => a.manifest.at - b.manifest.at);
  }

  async get(id: string): Promise<Upload | undefined> {
    const manifest = parseManifest(await this.#read(manifestName(id)));
    if (manifest?.id !== id) return undefined;
    const progress = await this.#read(progressName(id));
    return { manifest, progress: progress === undefined ? FRESH : parseProgress(progress) };
  }

  /** Writes what a file is. Throws what the disk throws. */
  async put(manifest: Manifest): Promise<void> {
    await this.#write(manifestName(manifest.id), manifest);
    this.#ports.tell();
  }

  /**
   * Changes how far a file has come, one change after the other among all tabs; undefined leaves it as it is. The progress as it is
   * then, undefined where there is no such file.
   */
  async change(
    id: string,
    next: (progress: Progress) => Progress | undefined,
  ): Promise<Progress | undefined> {
    let result: Progress | undefined;
    await this.#ports.locks.hold(`outgoing ${id}`, async () => {
      const now = (await this.get(id))?.progress;
      const then = now && next(now);
      if (then) await this.#write(progressName(id), then);
      result = then ?? now;
      if (then && then.state !== now.state) this.#ports.tell();
    });
    return result;
  }

  /** Keeps a piece; `isSealed`: its bytes may lie as they are. Throws what the disk throws, and keeps nothing then. */
  async putPiece(
    { id, isSealed }: Pick<Manifest, 'id' | 'isSealed'>,
    number: number,
    bytes: Bytes,
  ): Promise<void> {
    const name = pieceName(id, number);
    await this.#keep(
      name,
      isSealed ? bytes : await this.#ports.sealer.seal({ table: TABLE, key: name }, bytes),
    );
  }

  /** A piece as it is sent; undefined where it is not here, or not what was put here. */
  async piece({ id, isSealed, size }: Manifest, number: number): Promise<Bytes | undefined> {
    const name = pieceName(id, number);
    const { from, to } = pieceRange(size, number);
    const bytes = await this.#ports.files.read(name, 0, PIECE_BYTES * 2);
    const opened =
      bytes && !isSealed ? await this.#ports.sealer.open({ table: TABLE, key: name }, bytes) : undefined;
    const plain = isSealed ? bytes : opened?.ok ? opened.value : undefined;
    return plain?.length === to - from ? plain : undefined;
  }

  /** A piece as it is sent, without reading it where it lies so: undefined as `piece` says. */
  async sendable(manifest: Manifest, number: number): Promise<Bytes | Blob | undefined> {
    if (!manifest.isSealed) return this.piece(manifest, number);
    const { from, to } = pieceRange(manifest.size, number);
    const file = await this.#ports.files.file(pieceName(manifest.id, number));
    return file?.size === to - from ? file : undefined;
  }

  async dropPiece(id: string, number: number): Promise<void> {
    await this.#ports.files.remove(pieceName(id, number));
  }

  /** Removes a file's bytes and leaves what is known of it. */
  async dropPieces(id: string): Promise<void> {
    await this.#removeAll(id, (name) => /^[0-9]+$/.test(name.slice(33)));
  }

  /** Removes all of a file. */
  async remove(id: string): Promise<void> {
    await this.#ports.locks.hold(`outgoing ${id}`, async () => {
      // The manifest first: what a crash leaves then is no file any more.
      await this.#ports.files.remove(manifestName(id));
      await this.#removeAll(id, () => true);
    });
    this.#ports.tell();
  }

  /**
   * Removes what a crash left half done and what was cancelled long ago. `isMade(id)`: somebody is still writing it. Ids of files whose
   * making has ended too early.
   */
  async sweep(isMade: (id: string) => Promise<boolean>, now: number): Promise<string[]> {
    const names = await this.#ports.files.names();
    const known = new Map((await this.list()).map((one) => [one.manifest.id, one]));
    const broken: string[] = [];
    for (const id of new Set(names.filter((name) => !isDraft(name)).map((name) => name.slice(0, 32)))) {
      if (await isMade(id)) continue;
      const upload = known.get(id);
      const isOld = upload?.progress.state === 'cancelled' && upload.manifest.at + REMEMBERED < now;
      if (!upload || isOld) await this.#removeAll(id, () => true);
      else if (upload.manifest.stage === 'keeping' && upload.progress.state !== 'cancelled') broken.push(id);
    }
    return broken;
  }

  async #removeAll(id: string, isIt: (name: string) => boolean): Promise<void> {
    const names = (await this.#ports.files.names()).filter((name) => name.startsWith(`${id} `) && isIt(name));
    await Promise.all(names.map((name) => this.#ports.files.remove(name)));
  }

  async #read(name: string): Promise<unknown> {
    const sealed = await this.#ports.files.read(name, 0, 1 << 20);
    const opened = sealed && (await this.#ports.sealer.open({ table: TABLE, key: name }, sealed));
    if (!opened?.ok) return undefined;
    const json = parseJson(new TextDecoder().decode(opened.value), 4);
    return json.ok ? json.value : undefined;
  }

  async #write(name: string, value: Manifest | Progress): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    await this.#keep(name, await this.#ports.sealer.seal({ table: TABLE, key: name }, bytes));
  }

  async #keep(name: string, bytes: Bytes): Promise<void> {
    const draft = await this.#ports.files.draft();
    try {
      await draft.write(bytes);
      await draft.finish(name);
    } catch (cause) {
      await draft.drop();
      throw cause;
    }
  }
}
