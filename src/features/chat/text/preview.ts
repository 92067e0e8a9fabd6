/** A line with what hangs on it, in a few words. */
import { m } from '#messages/paraglide/messages.js';
import type { Attachment } from '#protocol/media/attachments.ts';
import { parseSealedFile } from '#protocol/media/sealed-files.ts';
import { formOf } from '#protocol/media/types.ts';
import type { LineRow } from '../rows/tables.ts';
import { previewText } from './mentions.ts';

/** As much of files as words for them need. */
export type NamedFile = Pick<Attachment, 'type' | 'name' | 'duration'>;

/** A line as far as its preview goes. */
export interface Previewed {
  readonly text: string;
  readonly files?: readonly NamedFile[] | undefined;
  /** The file that a line of private talk is. */
  readonly sealed?: LineRow['sealed'] | undefined;
}

/** 0:42, 1:02:07. */
const lengthWords = (seconds: number): string => {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

const lasting = (words: string, duration: number | undefined): string =>
  duration === undefined ? words : m.media_show_lasting({ words, length: lengthWords(duration) });

const oneFile = ({ type, name, duration }: NamedFile): string => {
  switch (formOf(type)) {
    case 'picture':
      return m.media_show_picture();
    case 'video':
      return lasting(m.media_show_video(), duration);
    case 'audio':
      return lasting(m.media_show_sound(), duration);
    default:
      return name ?? m.media_show_file();
  }
};

/** "Picture", "Sound, 0:42", "3 pictures", "map.pdf", "2 files"; empty for none. */
export const fileWords = (files: readonly NamedFile[]): string => {
  const [first] = files;
  if (!first) return '';
  if (files.length === 1) return oneFile(first);
  const count = files.length;
  return files.every(({ type }) => formOf(type) === 'picture')
    ? m.media_show_pictures({ count })
    : m.media_show_files({ count });
};

/** A line in one plain line, for lists and quotes: its words, or what hangs on it where it has none. */
export const linePreview = (
  { text, files = [], sealed }: Previewed,
  nameOf: (pubkey: string) => string,
  max?: number,
): string => {
  const file = sealed && parseSealedFile(sealed);
  return previewText(text, nameOf, max) || fileWords(file ? [file] : files);
};
