/** Addresses of sealed files; what makes them is loaded with the first one. */
import type { FileStreams } from '#client/media/streaming/file-streams.ts';

export const makeStreams = (): Pick<FileStreams, 'open'> => {
  let made: Promise<FileStreams> | undefined;
  const load = async (): Promise<FileStreams> =>
    (await import('#client/media/streaming/browser-streams.ts')).browserStreams();
  return { open: async (source, wish) => (await (made ??= load())).open(source, wish) };
};
