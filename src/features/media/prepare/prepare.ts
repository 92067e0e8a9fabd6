/** Makes a file fit to leave: sniffed, stripped, measured, made small. Runs in a worker. */
import { OPEN_MAX, SEALED_MAX, SEALED_TYPE } from '#protocol/media/types.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { prepareFilm } from './film.ts';
import { formatOf, HEAD_BYTES, isPictureFormat } from './format.ts';
import type { Format } from './format.ts';
import { preparePicture } from './picture.ts';
import type { Prepared, PrepareFailure, PrepareOptions } from './prepared.ts';

type Outcome = Result<Prepared, PrepareFailure>;

const asItIs = (file: Blob, name: string, type: string): Outcome =>
  ok({ file: { body: file, type, name }, note: type === 'application/pdf' ? 'pdf' : 'as-it-is' });

const byFormat = (file: Blob, name: string, format: Format, options: PrepareOptions): Promise<Outcome> => {
  if (isPictureFormat(format)) return preparePicture(file, name, format, options);
  if (format === 'film' || format === 'sound') return prepareFilm(file, name, options);
  if (format === 'pdf') return Promise.resolve(asItIs(file, name, 'application/pdf'));
  if (options.audience === 'sealed') return Promise.resolve(asItIs(file, name, SEALED_TYPE));
  return Promise.resolve(
    format === 'svg' ? fail('svg', 'a drawing may run something') : fail('type', 'nobody could look at it'),
  );
};

/** What may not leave unread leaves sealed as it is; the note says so. */
const settled = (outcome: Outcome, file: Blob, name: string, { audience }: PrepareOptions): Outcome => {
  if (!outcome.ok) {
    const isOddity = outcome.error.code === 'broken' || outcome.error.code === 'too-many-pixels';
    return audience === 'sealed' && isOddity ? asItIs(file, name, SEALED_TYPE) : outcome;
  }
  return audience === 'open' && outcome.value.file.body.size > OPEN_MAX
    ? fail('too-big', 'too many bytes for everybody to read')
    : outcome;
};

/** Never throws but for a file that cannot be read any more (moved, or a disk taken out). */
export const prepare = async (file: Blob, name: string, options: PrepareOptions): Promise<Outcome> => {
  if (file.size === 0) return fail('empty', 'the file is empty');
  const format = formatOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  // A picture is redrawn smaller; anything else leaves about as large as it is.
  const most = options.audience === 'sealed' ? SEALED_MAX : OPEN_MAX;
  if (file.size > most && !isPictureFormat(format)) return fail('too-big', 'too many bytes');
  return settled(await byFormat(file, name, format, options), file, name, options);
};
