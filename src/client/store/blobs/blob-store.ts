/**
 * Files on this device, found by the SHA-256 of what is in them. Each lies under a name that only the profile's key gives, sealed in
 * frames of a megabyte, so that a stretch can be read without the rest.
 *
 * A file is `length (8) | frames`; where each frame stands, and how long the whole is, is authenticated with it: frames cannot be
 * swapped, left out, or taken from another file, profile or place.
 */
import { bytesToHex, isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { openSealer, SEAL_BYTES } from '../seal/sealer.ts';
import type { Sealer } from '../seal/sealer.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import { isDraft } from './blob-directory.ts';
import type { BlobDirectory } from './blob-directory.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Plain bytes in a frame; the last one has what is left. */
export const FRAME_BYTES = 1 << 20;
const HEAD_BYTES = 8;
const SEALED_FRAME = FRAME_BYTES + SEAL_BYTES;
const TABLE = 'blobs';

/** `missing`: not here; `damaged`: not what was put here. */
export type BlobFailure = Failure<'missing' | 'damaged'>;

/** A stretch of a blob: from one byte to before another. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export class BlobStore {
  readonly #files: BlobDirectory;
  readonly #sealer: Sealer;
  readonly #names: CryptoKey;

  /** Opens a profile's blobs; what a crash left half done is removed. */
  static async open(
    files: BlobDirectory,
    { profile, dataKey }: Pick<ProfileKeys, 'profile' | 'dataKey'>,
  ): Promise<BlobStore> {
    const drafts = (await files.names()).filter(isDraft);
    await Promise.allSettled(drafts.map((name) => files.remove(name)));
    return new BlobStore(files, await openSealer(dataKey, { profile }), await nameKey(dataKey));
  }

  private constructor(files: BlobDirectory, sealer: Sealer, names: CryptoKey) {
    this.#files = files;
    this.#sealer = sealer;
    this.#names = names;
  }

  /** Keeps bytes; their SHA-256 in hex. Kept once, however often they are put; a damaged file is made whole. Throws what the disk throws, and keeps nothing then. */
  async put(bytes: Bytes): Promise<string> {
    const hash = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    const name = await this.nameOf(hash);
    if ((await this.#files.size(name)) !== undefined && (await this.get(hash)).ok) return hash;
    const draft = await this.#files.draft();
    try {
      await draft.write(headOf(bytes.length));
      for (let n = 0; n < frames(bytes.length); n++) {
        const frame = bytes.subarray(n * FRAME_BYTES, (n + 1) * FRAME_BYTES);
        await draft.write(await this.#sealer.seal(placeOf(hash, n, bytes.length), frame));
      }
      await draft.finish(name);
    } catch (cause) {
      await draft.drop();
      throw cause;
    }
    return hash;
  }

  /** The bytes, or a stretch of them (cut where they end). The whole is held against its hash. */
  async get(hash: string, range?: Range): Promise<Result<Bytes, BlobFailure>> {
    const length = await this.#lengthOf(hash);
    if (!length.ok) return length;
    const from = Math.max(0, Math.min(range?.from ?? 0, length.value));
    const to = Math.max(from, Math.min(range?.to ?? length.value, length.value));
    const bytes = await this.#stretch(hash, { from, to }, length.value);
    if (!bytes.ok || to - from < length.value) return bytes;
    const found = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.value)));
    return found === hash ? bytes : damaged(hash);
  }

  /** Bytes of a blob that is here. */
  async size(hash: string): Promise<number | undefined> {
    const length = await this.#lengthOf(hash);
    return length.ok ? length.value : undefined;
  }

  /** Nothing happens where it is not here. */
  async delete(hash: string): Promise<void> {
    if (isHex64(hash)) await this.#files.remove(await this.nameOf(hash));
  }

  /** How many files there are, and how many bytes they take as they lie. */
  async usage(): Promise<{ readonly files: number; readonly bytes: number }> {
    const sizes = await Promise.all((await this.#files.names()).map((name) => this.#files.size(name)));
    const there = sizes.filter((size) => size !== undefined);
    return { files: there.length, bytes: there.reduce((sum, size) => sum + size, 0) };
  }

  async #lengthOf(hash: string): Promise<Result<number, BlobFailure>> {
    if (!isHex64(hash)) return missing(hash);
    const name = await this.nameOf(hash);
    const [size, head] = [await this.#files.size(name), await this.#files.read(name, 0, HEAD_BYTES)];
    if (size === undefined || !head) return missing(hash);
    if (head.length < HEAD_BYTES) return damaged(hash);
    const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0));
    return Number.isSafeInteger(length) && sealedSize(length) === size ? ok(length) : damaged(hash);
  }

  async #stretch(hash: string, { from, to }: Range, length: number): Promise<Result<Bytes, BlobFailure>> {
    const name = await this.nameOf(hash);
    const whole = new Uint8Array(to - from);
    // An empty blob has one frame too: it is sealed like any other.
    const last = Math.max(Math.floor(from / FRAME_BYTES), Math.ceil(to / FRAME_BYTES) - 1);
    for (let n = Math.floor(from / FRAME_BYTES); n <= Math.min(last, frames(length) - 1); n++) {
      const at = HEAD_BYTES + n * SEALED_FRAME;
      const sealed = await this.#files.read(name, at, at + SEALED_FRAME);
      const frame = sealed && (await this.#sealer.open(placeOf(hash, n, length), sealed));
      if (!frame?.ok) return damaged(hash);
      const begin = n * FRAME_BYTES;
      const part = frame.value.subarray(Math.max(0, from - begin), Math.max(0, to - begin));
      whole.set(part, Math.max(0, begin - from));
    }
    return ok(whole);
  }

  /** What a blob's file is called; tells nothing without the profile's key. */
  async nameOf(hash: string): Promise<string> {
    const mac = await crypto.subtle.sign('HMAC', this.#names, new TextEncoder().encode(hash));
    return bytesToHex(new Uint8Array(mac));
  }
}

const frames = (length: number): number => Math.max(1, Math.ceil(length / FRAME_BYTES));
const sealedSize = (length: number): number => HEAD_BYTES + length + frames(length) * SEAL_BYTES;
const placeOf = (hash: string, frame: number, length: number) => ({
  table: TABLE,
  key: `${hash} ${frame} of ${length}`,
});

const headOf = (length: number): Bytes => {
  const head = new Uint8Array(HEAD_BYTES);
  new DataView(head.buffer).setBigUint64(0, BigInt(length));
  return head;
};

const nameKey = async (dataKey: Bytes): Promise<CryptoKey> => {
  const root = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode('blob names');
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return crypto.subtle.deriveKey(hkdf, root, hmac, false, ['sign']);
};

const missing = (hash: string) => fail('missing', `There is no file ${hash.slice(0, 8)} here.`);
const damaged = (hash: string) => fail('damaged', `The file ${hash.slice(0, 8)} is damaged.`);
