/** A file as it is shown, open or sealed, and its small picture from wherever it may be had. */
import type { LoadOptions, MediaLoader } from '#client/media/loading/loader.ts';
import type { Loaded, ThumbWidth } from '#client/media/loading/source.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { extensionOf } from '#protocol/media/types.ts';

/** `key` and `small` only where it is sealed. */
export interface ShownFile extends Attachment {
  readonly key?: FileKey;
  readonly small?: NonNullable<SealedFile['thumb']>;
}

/** A sealed file among the others. */
export const shownSealed = ({
  thumb,
  plainHash: _plainHash,
  expires: _expires,
  ...file
}: SealedFile): ShownFile => ({
  ...file,
  ...(thumb === undefined ? {} : { small: thumb }),
});

/** True where a small picture of it may be had without the whole. */
export const hasSmall = ({ thumb, small }: ShownFile): boolean => thumb !== undefined || small !== undefined;

/** A small picture of it: its sender's own, sealed like the file, or one that the city makes. */
export const loadSmall = (
  loader: MediaLoader,
  file: ShownFile,
  width: ThumbWidth,
  options: LoadOptions,
): Promise<Loaded<Blob>> =>
  file.small === undefined
    ? loader.loadThumb(file, width, options)
    : loader.load({ ...file.small, type: 'image/webp' }, options);

/** What it is called, for whoever saves it. */
export const nameOf = ({ name, type }: Pick<ShownFile, 'name' | 'type'>, kind: string): string =>
  name ?? `${kind}.${extensionOf(type)}`;
