/** Values on their way to the disk and back: packed, then sealed to their place. */
import type { Packer } from '../seal/packing.ts';
import type { Place, Sealer } from '../seal/sealer.ts';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export class Vessel {
  readonly #sealer: Sealer;
  readonly #packer: Packer;

  constructor(sealer: Sealer, packer: Packer) {
    this.#sealer = sealer;
    this.#packer = packer;
  }

  put(place: Place, value: unknown): Promise<Bytes> {
    return this.#sealer.seal(place, this.#packer.pack(value));
  }

  async take(place: Place, sealed: Bytes): Promise<Result<unknown, Failure<'damaged'>>> {
    const opened = await this.#sealer.open(place, sealed);
    return opened.ok ? this.#packer.unpack(opened.value) : opened;
  }

  /** Bytes as they are, without packing. */
  putBytes(place: Place, bytes: Uint8Array): Promise<Bytes> {
    return this.#sealer.seal(place, bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : bytes.slice());
  }

  takeBytes(place: Place, sealed: Bytes): Promise<Result<Bytes, Failure<'damaged'>>> {
    return this.#sealer.open(place, sealed);
  }

  /** Words as they lie in memory, without packing. */
  putWords(place: Place, words: Uint32Array): Promise<Bytes> {
    return this.#sealer.seal(place, new Uint8Array(words.slice().buffer));
  }

  async takeWords(place: Place, sealed: Bytes): Promise<Result<Uint32Array, Failure<'damaged'>>> {
    const opened = await this.#sealer.open(place, sealed);
    return opened.ok ? ok(new Uint32Array(opened.value.buffer)) : opened;
  }
}
