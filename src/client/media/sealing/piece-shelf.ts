/**
 * Pieces between sealing and sending. They lie on the disk, so that a reload costs nothing; the newest stay in memory for whoever sends
 * close behind. Where the disk has no room, what the city has leaves it, and one piece at a time passes through memory.
 */
import { isFullDisk } from '../../store/disk/full-disk.ts';
import { PIECE_BYTES } from '../outgoing/records.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ShelfPorts {
  /** Throws what the disk throws. */
  readonly put: (number: number, bytes: Bytes) => Promise<void>;
  readonly get: (number: number) => Promise<Bytes | undefined>;
  readonly drop: (number: number) => Promise<void>;
}

/** Pieces in memory, beside the one in the making. */
const RECENT = 2;

export class PieceShelf {
  readonly #ports: ShelfPorts;
  readonly #recent = new Map<number, Bytes>();
  /** Pieces that lie in memory only. */
  readonly #homeless = new Set<number>();
  readonly #waiting = new Set<() => void>();
  #making = new Uint8Array(PIECE_BYTES);
  #filled = 0;
  #ready = 0;
  #dropped = 0;
  #sent = 0;
  #failure: unknown;
  #isThin = false;

  constructor(ports: ShelfPorts) {
    this.#ports = ports;
  }

  /** The disk had no room: nothing of it can go on after a reload. */
  get isThin(): boolean {
    return this.#isThin;
  }

  /** Adds bytes; resolves once there is room for more. */
  async add(bytes: Bytes): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const part = bytes.subarray(at, at + PIECE_BYTES - this.#filled);
      this.#making.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === PIECE_BYTES) await this.#shelve();
    }
  }

  /** No more bytes come. */
  async end(): Promise<void> {
    if (this.#filled > 0) await this.#shelve();
  }

  /** No more bytes come, because of this: whoever waits for a piece gets it. */
  fail(cause: unknown): void {
    this.#failure = cause;
    this.#wake();
  }

  /** A piece, as soon as it was made. */
  async piece(number: number): Promise<Bytes | undefined> {
    while (number >= this.#ready) {
      if (this.#failure) throw this.#failure;
      await this.#change();
    }
    return this.#recent.get(number) ?? this.#ports.get(number);
  }

  /** The city has so many bytes. */
  sent(bytes: number): void {
    this.#sent = bytes;
    this.#wake();
    if (this.#isThin) void this.#dropSent();
  }

  async #shelve(): Promise<void> {
    const number = this.#ready;
    const bytes = this.#making.subarray(0, this.#filled);
    this.#making = new Uint8Array(PIECE_BYTES);
    this.#filled = 0;
    this.#recent.set(number, bytes);
    await this.#keep(number, bytes);
    this.#ready += 1;
    for (const old of this.#recent.keys())
      if (old < this.#ready - RECENT && !this.#homeless.has(old)) this.#recent.delete(old);
    this.#wake();
    while (this.#homeless.size >= RECENT && !this.#failure) await this.#change();
  }

  async #keep(number: number, bytes: Bytes): Promise<void> {
    try {
      await this.#ports.put(number, bytes);
    } catch (cause) {
      if (!isFullDisk(cause)) throw cause;
      this.#isThin = true;
      this.#homeless.add(number);
      await this.#dropSent();
    }
  }

  async #dropSent(): Promise<void> {
    while ((this.#dropped + 1) * PIECE_BYTES <= this.#sent) {
      const number = this.#dropped++;
      if (this.#homeless.delete(number)) this.#recent.delete(number);
      else await this.#ports.drop(number);
    }
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
