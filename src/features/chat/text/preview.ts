/** A line with what hangs on it, in a few words. */
import { m } from '#messages/paraglide/messages.js';
import type { Attachment } from '#protocol/media/attachments.ts';
import { formOf } from '#protocol/media/types.ts';
import { previewText } from './mentions.ts';

/** As much of files as words for them need. */
export type NamedFile = Pick<Attachment, 'type' | 'name'>;

/** A line as far as its preview goes. */
export interface Previewed {
  readonly text: string;
  readonly files?: readonly NamedFile[] | undefined;
}

const oneFile = ({ type, name }: NamedFile): string => {
  switch (formOf(type)) {
    case 'picture':
      return m.media_show_picture();
    case 'video':
      return m.media_show_video();
    case 'audio':
      return m.media_show_sound();
    default:
      return name ?? m.media_show_file();
  }
};

/** "Picture", "3 pictures", "map.pdf", "2 files"; empty for none. */
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
  { text, files = [] }: Previewed,
  nameOf: (pubkey: string) => string,
  max?: number,
): string => previewText(text, nameOf, max) || fileWords(files);
