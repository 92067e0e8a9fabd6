/** Moving pictures and sound: packed anew without the words around them; not one frame is coded again. */
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { GrowingBlob } from './growing-blob.ts';
import type { Prepared, PrepareFailure, PrepareOptions } from './prepared.ts';
import { standingIn } from './small-picture.ts';
import type { Standing } from './small-picture.ts';

type Library = typeof import('mediabunny');
type Input = InstanceType<Library['Input']>;
type Output = InstanceType<Library['OutputFormat']>;

/** Larger films keep their table at the end: at the front it would have to wait in memory for the rest. */
const FRONT_MAX = 100_000_000;
const POSTER_SIDE = 1_280;

/** A container that plays everywhere, and what it is called. */
interface Container {
  readonly format: Output;
  readonly type: string;
  readonly ending: string;
}

const isobmff = (library: Library, isFilm: boolean, size: number): Container => ({
  format: new library.Mp4OutputFormat({ fastStart: size <= FRONT_MAX ? 'in-memory' : false }),
  type: isFilm ? 'video/mp4' : 'audio/mp4',
  ending: isFilm ? 'mp4' : 'm4a',
});

/** The same container; QuickTime becomes MP4, which more browsers play. Undefined for those that nobody plays. */
const containerFor = async (
  library: Library,
  input: Input,
  isFilm: boolean,
  size: number,
): Promise<Container | undefined> => {
  const source = await input.getFormat();
  const is = (...formats: readonly unknown[]): boolean => formats.includes(source);
  if (is(library.MP4, library.QTFF)) return isobmff(library, isFilm, size);
  if (is(library.WEBM))
    return {
      format: new library.WebMOutputFormat(),
      type: isFilm ? 'video/webm' : 'audio/webm',
      ending: isFilm ? 'webm' : 'weba',
    };
  if (is(library.MATROSKA))
    return { format: new library.MkvOutputFormat(), type: 'video/x-matroska', ending: 'mkv' };
  if (is(library.MP3)) return { format: new library.Mp3OutputFormat(), type: 'audio/mpeg', ending: 'mp3' };
  if (is(library.OGG)) return { format: new library.OggOutputFormat(), type: 'audio/ogg', ending: 'ogg' };
  if (is(library.WAVE)) return { format: new library.WavOutputFormat(), type: 'audio/wav', ending: 'wav' };
  if (is(library.FLAC)) return { format: new library.FlacOutputFormat(), type: 'audio/flac', ending: 'flac' };
  if (is(library.ADTS)) return { format: new library.AdtsOutputFormat(), type: 'audio/aac', ending: 'aac' };
  return undefined;
};

/** Undefined where something to be seen or heard does not fit into the container: then it is left alone. */
const repack = async (
  library: Library,
  input: Input,
  { format, type }: Container,
  { signal, onprogress }: PrepareOptions,
): Promise<Blob | undefined> => {
  const blob = new GrowingBlob();
  const target = new library.StreamTarget(
    new WritableStream({ write: ({ position, data }) => blob.write(position, data) }),
  );
  const output = new library.Output({ format, target });
  const conversion = await library.Conversion.init({
    input,
    output,
    copy: { mode: 'forced' },
    tags: {},
    showWarnings: false,
  });
  const isWhole = conversion.discardedTracks.every(({ track }) => track.type === 'subtitle');
  if (!conversion.isValid || !isWhole) return undefined;
  conversion.onProgress = (part) => onprogress(0.05 + part * 0.75);
  const cancel = (): void => void conversion.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await conversion.execute();
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  return blob.finish(type);
};

interface Shape {
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

const rounded = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;

/** A frame a little way in: the first one is often black. Undefined where the browser cannot decode it. */
const poster = async (library: Library, input: Input, duration: number): Promise<Standing | undefined> => {
  const track = await input.getPrimaryVideoTrack();
  if (!track || !(await track.canDecode())) return undefined;
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const scale = Math.min(1, POSTER_SIDE / Math.max(width, height));
  const sink = new library.CanvasSink(track, {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    fit: 'fill',
  });
  const start = await track.getFirstTimestamp();
  const frame = (await sink.getCanvas(start + Math.min(1, duration / 3))) ?? (await sink.getCanvas(start));
  return frame?.canvas instanceof OffscreenCanvas ? standingIn(frame.canvas) : undefined;
};

const shapeOf = async (input: Input): Promise<Shape> => {
  const track = await input.getPrimaryVideoTrack();
  const duration = rounded(await input.computeDuration());
  return {
    ...(track ? { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() } : {}),
    ...(duration > 0 ? { duration } : {}),
  };
};

const named = (name: string, ending: string): string =>
  name.toLowerCase().endsWith(`.${ending}`) ? name : `${name.replace(/\.[^.]{1,5}$/, '')}.${ending}`;

const prepared = async (
  library: Library,
  input: Input,
  file: Blob,
  name: string,
  options: PrepareOptions,
): Promise<Result<Prepared, PrepareFailure>> => {
  const shape = await shapeOf(input);
  const container = await containerFor(library, input, shape.width !== undefined, file.size);
  const body = container && (await repack(library, input, container, options));
  if (!container || !body) return fail('broken', 'what is in it cannot be packed anew');
  options.onprogress(0.85);
  // A film without a poster is still a film.
  const standing = await poster(library, input, shape.duration ?? 0).catch(() => undefined);
  return ok({
    file: { body, type: container.type, name: named(name, container.ending), ...shape, ...standing },
    note: 'cleaned',
  });
};

/** Never throws: what cannot be read or packed is `broken`. */
export const prepareFilm = async (
  file: Blob,
  name: string,
  options: PrepareOptions,
): Promise<Result<Prepared, PrepareFailure>> => {
  const library = await import('mediabunny');
  const input = new library.Input({ source: new library.BlobSource(file), formats: library.ALL_FORMATS });
  try {
    return await prepared(library, input, file, name, options);
  } catch (cause) {
    return options.signal.aborted
      ? fail('stopped', 'stopped')
      : fail('broken', 'the file cannot be read', cause);
  } finally {
    input.dispose();
  }
};
