/** Addresses of sealed files; what makes them is loaded with the first one. */
import type { FileStreams } from '#client/media/streaming/file-streams.ts';

/** Starts with the first file that is played or saved. */
export const makeStreams = (): Pick<FileStreams, 'open'> => {
  let made: Promise<FileStreams> | undefined;
  const load = async (): Promise<FileStreams> =>
    (await import('#client/media/streaming/browser-streams.ts')).browserStreams();
  return { open: async (source, wish) => (await (made ??= load())).open(source, wish) };
};
