/**
 * Pieces between sealing and sending. They lie on the disk, so that a reload costs nothing, and are sent from there: one is in memory,
 * the one in the making. Where the disk has no room, what the city has leaves it, and few pieces at a time pass through memory.
 */
import { isFullDisk } from '../../store/disk/full-disk.ts';
import { PIECE_BYTES } from '../outgoing/records.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ShelfPorts {
  /** Throws what the disk throws. */
  readonly put: (number: number, bytes: Bytes) => Promise<void>;
  readonly get: (number: number) => Promise<Bytes | Blob | undefined>;
  readonly drop: (number: number) => Promise<void>;
}

/** Pieces that the disk had no room for and that wait in memory, beside the one in the making. */
const MOST_HOMELESS = 2;

export class PieceShelf {
  readonly #ports: ShelfPorts;
  /** Pieces that lie in memory only. */
  readonly #homeless = new Map<number, Bytes>();
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

  /** Whether a piece was made. */
  isThere(number: number): boolean {
    return number < this.#ready;
  }

  /** A piece, as soon as it was made. */
  async piece(number: number): Promise<Bytes | Blob | undefined> {
    while (number >= this.#ready) {
      if (this.#failure) throw this.#failure;
      await this.#change();
    }
    return this.#homeless.get(number) ?? this.#ports.get(number);
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
    await this.#keep(number, bytes);
    // What lies on the disk leaves its place in memory to the next one.
    if (this.#homeless.has(number)) this.#making = new Uint8Array(PIECE_BYTES);
    this.#filled = 0;
    this.#ready += 1;
    this.#wake();
    while (this.#homeless.size >= MOST_HOMELESS && !this.#failure) await this.#change();
  }

  async #keep(number: number, bytes: Bytes): Promise<void> {
    try {
      await this.#ports.put(number, bytes);
    } catch (cause) {
      if (!isFullDisk(cause)) throw cause;
      this.#isThin = true;
      this.#homeless.set(number, bytes);
      await this.#dropSent();
    }
  }

  async #dropSent(): Promise<void> {
    while ((this.#dropped + 1) * PIECE_BYTES <= this.#sent) {
      const number = this.#dropped++;
      if (!this.#homeless.delete(number)) await this.#ports.drop(number);
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
