/** What a picture's header tells before anything of it is decoded. */

export interface Measured {
  /** Pixels as stored, before its orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly isAnimated: boolean;
  /** It may have see-through pixels. */
  readonly hasAlpha: boolean;
  /** It must be redrawn before what it carries besides pixels can be taken off: a colour profile, or an orientation. */
  readonly needsRedraw: boolean;
}

/** A picture without what it carried besides pixels, as pieces of the old bytes; undefined where it cannot be read. */
export type Stripped = readonly Uint8Array<ArrayBuffer>[] | undefined;

/** Four letters at a place; shorter at the end of the bytes. */
export const lettersAt = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
