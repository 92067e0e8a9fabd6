/**
 * What a file is by its bytes. Its name and its declared type are only claims: the bytes decide, the claim must be of the same
 * family, and whatever is two things at once is neither.
 */
import { fileTypeFromBuffer } from 'file-type';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { bareType, isOpenType, SEALED_TYPE } from '#protocol/media/types.ts';
import { isArchiveTail, isProgram, looksSealed, markupIn, startsLateAsPdf, svgOf } from './marks.ts';

/** Bytes of a file's beginning that are enough to tell. */
export const SNIFF_BYTES = 4100;

export type TypeFailure = Failure<'type'>;

const refuse = (message: string) => fail('type', message);

/** Names for the same thing: the one that browsers and our own table know. */
const USUAL: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/mp3': 'audio/mpeg',
  'audio/x-aac': 'audio/aac',
  'application/ogg': 'audio/ogg',
  'image/jpg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/vnd.microsoft.icon': 'image/x-icon',
  'video/matroska': 'video/x-matroska',
  'video/x-m4v': 'video/mp4',
  'application/x-pdf': 'application/pdf',
};

/** A type without parameters, in lower case and by its usual name. */
const usual = (type: string): string => USUAL[bareType(type)] ?? bareType(type);

/** Containers that hold sound as well as moving pictures: their head does not tell which. */
const CONTAINERS: readonly (readonly string[])[] = [
  ['video/mp4', 'audio/mp4', 'video/quicktime', 'video/3gpp', 'audio/3gpp', 'video/3gpp2'],
  ['video/webm', 'audio/webm', 'video/x-matroska', 'audio/x-matroska'],
  ['video/ogg', 'audio/ogg'],
];

const familyOf = (type: string): string => type.split('/')[0] ?? '';

/** The claim where it is right, the bytes' own type where it is of the same family. */
const agree = (found: string, claimed: string): string | undefined => {
  if (found === claimed) return found;
  if (CONTAINERS.some((group) => group.includes(found) && group.includes(claimed))) return claimed;
  return familyOf(found) === familyOf(claimed) && isOpenType(found) ? found : undefined;
};

const sniffSealed = (head: Uint8Array): Result<{ readonly type: string }, TypeFailure> => {
  if (isProgram(head)) return refuse('programs are not kept here');
  return looksSealed(head) ? ok({ type: SEALED_TYPE }) : refuse('the file is said to be sealed and is not');
};

const sniffSvg = (text: string, claimed: string): Result<{ readonly type: string }, TypeFailure> => {
  if (claimed !== 'image/svg+xml') return refuse('the file is not what it is said to be');
  return markupIn(text, 'svg')
    ? refuse('a drawing with scripts or foreign parts is not kept here')
    : ok({ type: 'image/svg+xml' });
};

/**
 * The type of a file from its first bytes (4,100, or all of a shorter one) and what it is said to be; `application/octet-stream`
 * says that it is sealed. Fails with `type` for programs, scripts, pages, archives, things that are two at once, and lies.
 */
export const sniffType = async (
  head: Uint8Array,
  declared: string,
): Promise<Result<{ readonly type: string }, TypeFailure>> => {
  const start = head.subarray(0, SNIFF_BYTES);
  const claimed = usual(declared);
  if (start.length === 0) return refuse('the file is empty');
  if (claimed === SEALED_TYPE) return sniffSealed(start);
  if (!isOpenType(claimed)) return refuse('only pictures, sound, videos and PDF are kept open');
  const drawing = svgOf(start);
  if (drawing !== undefined) return sniffSvg(drawing, claimed);
  const found = await sniffBytes(start);
  if (!found.ok) return found;
  const type = agree(found.value.type, claimed);
  return type === undefined ? refuse('the file is not what it is said to be') : ok({ type });
};

/** The type by the bytes alone, whatever is said of it: for what comes from elsewhere. Drawings (SVG) are none here. */
export const sniffBytes = async (
  head: Uint8Array,
): Promise<Result<{ readonly type: string }, TypeFailure>> => {
  const start = head.subarray(0, SNIFF_BYTES);
  if (isProgram(start)) return refuse('programs are not kept here');
  if (startsLateAsPdf(start)) return refuse('the file is two things at once');
  const type = usual((await fileTypeFromBuffer(start).catch(() => undefined))?.mime ?? '');
  if (!isOpenType(type)) return refuse('the file is no picture, sound, video or PDF');
  return type !== 'application/pdf' && markupIn(start, 'page')
    ? refuse('the file is two things at once')
    : ok({ type });
};

/** Whether a file's end (its last 66,000 bytes, or all of it) is an archive's: a picture that ends as one is refused. */
export const sniffTail = (tail: Uint8Array): Result<true, TypeFailure> =>
  isArchiveTail(tail) ? refuse('the file is two things at once') : ok(true);
