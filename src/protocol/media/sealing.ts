/**
 * Files sealed before they leave. A small one is AES-256-GCM in one piece, as other NIP-17 clients read it (`aes-gcm`). A large one is
 * sealed in chunks, so that it can be verified, resumed and played while it arrives (`aes-gcm-stream`): the STREAM construction of
 * Hoang, Reyhanitabar, Rogaway and Vizár (2015), as age and Tink use it. Each chunk's nonce is `prefix (7) | number (4, big endian) |
 * last (1)`: no chunk can be moved, left out, repeated, or be the end before the end.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export type SealAlgorithm = 'aes-gcm' | 'aes-gcm-stream';

/** Plain bytes in a chunk; the last one has what is left, and is never empty but for an empty file. */
export const CHUNK_BYTES = 1 << 20;
export const TAG_BYTES = 16;
/** Files up to this many bytes are sealed in one piece. */
export const WHOLE_MAX = 8 << 20;
/** Bytes of the key. */
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const PREFIX_BYTES = 7;

/** What opens a sealed file: a fresh key for each, never used again. */
export interface FileKey {
  readonly algorithm: SealAlgorithm;
  /** 32 bytes. */
  readonly key: Bytes;
  /** `aes-gcm`: 12 or 16 bytes as its sender chose; `aes-gcm-stream`: 7. */
  readonly nonce: Bytes;
}

/** A fresh key for a file of so many bytes. */
export const makeFileKey = (size: number): FileKey => {
  const algorithm = size <= WHOLE_MAX ? 'aes-gcm' : 'aes-gcm-stream';
  const nonce = new Uint8Array(algorithm === 'aes-gcm' ? NONCE_BYTES : PREFIX_BYTES);
  return {
    algorithm,
    key: crypto.getRandomValues(new Uint8Array(KEY_BYTES)),
    nonce: crypto.getRandomValues(nonce),
  };
};

/** How many chunks a file of so many plain bytes has. */
export const chunkCount = (size: number): number => Math.max(1, Math.ceil(size / CHUNK_BYTES));

/** Bytes of a sealed file. */
export const sealedSize = (size: number, algorithm: SealAlgorithm): number =>
  algorithm === 'aes-gcm' ? size + TAG_BYTES : size + chunkCount(size) * TAG_BYTES;

/** Plain bytes of a sealed file of so many bytes; undefined where no file is that long sealed. */
export const plainSize = (sealed: number, algorithm: SealAlgorithm): number | undefined => {
  const chunks = algorithm === 'aes-gcm' ? 1 : Math.max(1, Math.ceil(sealed / (CHUNK_BYTES + TAG_BYTES)));
  const size = sealed - chunks * TAG_BYTES;
  return size >= 0 && sealedSize(size, algorithm) === sealed ? size : undefined;
};

/** The nonce of a chunk. */
export const chunkNonce = (prefix: Uint8Array, number: number, isLast: boolean): Bytes => {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(prefix.subarray(0, PREFIX_BYTES));
  new DataView(nonce.buffer).setUint32(PREFIX_BYTES, number);
  nonce[NONCE_BYTES - 1] = isLast ? 1 : 0;
  return nonce;
};

/** A file's key, ready for use; throws where the key has not 32 bytes. */
export class FileSealer {
  readonly #key: CryptoKey;
  readonly #nonce: Bytes;

  static async open({ key, nonce }: Pick<FileKey, 'key' | 'nonce'>): Promise<FileSealer> {
    if (key.length !== KEY_BYTES) throw new TypeError('a key for a file has 32 bytes');
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return new FileSealer(imported, nonce);
  }

  private constructor(key: CryptoKey, nonce: Bytes) {
    this.#key = key;
    this.#nonce = nonce;
  }

  /** One chunk of `aes-gcm-stream`. The same chunk sealed again gives the same bytes; other bytes in its place must never be sealed. */
  async sealChunk(bytes: Bytes, number: number, isLast: boolean): Promise<Bytes> {
    const iv = chunkNonce(this.#nonce, number, isLast);
    return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, bytes));
  }

  /** Fails with `damaged` where it is not this chunk of this file. */
  async openChunk(
    sealed: Bytes,
    number: number,
    isLast: boolean,
  ): Promise<Result<Bytes, Failure<'damaged'>>> {
    return this.#open(sealed, chunkNonce(this.#nonce, number, isLast));
  }

  /** A whole file of `aes-gcm`. */
  async seal(bytes: Bytes): Promise<Bytes> {
    return new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv: this.#nonce }, this.#key, bytes),
    );
  }

  /** Fails with `damaged` where it is not this file. */
  async open(sealed: Bytes): Promise<Result<Bytes, Failure<'damaged'>>> {
    return this.#open(sealed, this.#nonce);
  }

  async #open(sealed: Bytes, iv: Bytes): Promise<Result<Bytes, Failure<'damaged'>>> {
    try {
      return ok(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.#key, sealed)));
    } catch (cause) {
      return fail('damaged', 'the file is not what was sent', cause);
    }
  }
}
