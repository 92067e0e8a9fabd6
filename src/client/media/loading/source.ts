/** What can be loaded, and how loading may end. */
import type { Attachment } from '#protocol/media/attachments.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import type { Failure, Result } from '#shared/result.ts';

/** A file as a line names it; `key` where it is sealed (`hash` is then of the sealed bytes, `size` of the plain ones). */
export interface MediaSource extends Pick<Attachment, 'url' | 'type'> {
  readonly hash?: string;
  readonly size?: number;
  readonly fallback?: readonly string[];
  /** Who sent it: their servers are asked where the address is dead. */
  readonly author?: string;
  readonly key?: FileKey;
}

/**
 * `expired`: its server says that its time was up; `missing`: nobody has it; `damaged`: what came is not what was sent; `unreachable`:
 * no network, or the city is silent; `slow`: bytes stopped coming; `too-big`: more than can be held; `stopped`: by the person.
 */
export type LoadCode =
  'expired' | 'missing' | 'damaged' | 'unreachable' | 'slow' | 'too-big' | 'refused' | 'stopped';
export type LoadFailure = Failure<LoadCode>;
export type Loaded<T> = Result<T, LoadFailure>;

/** Bytes that have come, of so many (undefined: nobody said). */
export type OnProgress = (received: number, total: number | undefined) => void;

/** Widths that the city makes small pictures in (CSS pixels times density, rounded up to one of these). */
const THUMB_WIDTHS = [160, 320, 640, 1280] as const;
export type ThumbWidth = (typeof THUMB_WIDTHS)[number];

/** The smallest picture that fills so many pixels. */
export const thumbWidth = (pixels: number): ThumbWidth =>
  THUMB_WIDTHS.find((width) => width >= pixels) ?? THUMB_WIDTHS[3];

const GRAVITY: readonly LoadCode[] = [
  'stopped',
  'expired',
  'damaged',
  'too-big',
  'slow',
  'unreachable',
  'refused',
  'missing',
];

/** Of several ends the one that tells most. */
export const gravest = (failures: readonly LoadFailure[]): LoadFailure =>
  [...failures].sort((a, b) => GRAVITY.indexOf(a.code) - GRAVITY.indexOf(b.code))[0] ?? {
    code: 'missing',
    message: 'Nobody was asked.',
  };
