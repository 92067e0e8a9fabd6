/** Files that no memory holds go straight to the person's folder, chunk by chunk; nothing stays there unless the whole is right. */
import type { LoadOptions, MediaLoader } from '#client/media/loading/loader.ts';
import type { Loaded, MediaSource } from '#client/media/loading/source.ts';
import { fail } from '#shared/result.ts';

type Picker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

/** From so many bytes on, where the browser can write as they come. */
export const LARGE = 64_000_000;

const pickerOf = (page: object): Picker | undefined =>
  'showSaveFilePicker' in page ? (page.showSaveFilePicker as Picker) : undefined;

/** True where a large file can be saved without being held. */
export const canSaveLarge = (): boolean => pickerOf(window) !== undefined;

/** Asks where to, and writes it there as it comes. Ends as `stopped` where the person changed their mind. */
export const saveLarge = async (
  loader: Pick<MediaLoader, 'pour'>,
  source: MediaSource,
  name: string,
  options: LoadOptions,
): Promise<Loaded<undefined>> => {
  const handle = await pickerOf(window)
    ?.call(window, { suggestedName: name })
    .catch(() => undefined);
  if (!handle) return fail('stopped', 'No place was chosen.');
  const writer = await handle.createWritable();
  const done = await loader.pour(source, (bytes) => writer.write(bytes), options);
  // What is not closed is not there.
  if (done.ok) await writer.close();
  else await writer.abort();
  return done;
};
